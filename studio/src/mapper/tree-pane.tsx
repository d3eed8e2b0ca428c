import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconChevronRight, IconFold, IconFoldDown, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import type { TreeField } from './field-tree.ts';
import type { TreeRow } from './tree-rows.ts';

/** Pixels. */
export const rowHeight = 28;

export interface TreeView {
  readonly rows: readonly TreeRow[];
  readonly search: string;
  readonly setSearch: (search: string) => void;
  readonly toggle: (field: TreeField) => void;
  readonly toggleAll: () => void;
  readonly isFolded: boolean;
}

interface TreePaneProps {
  readonly side: 'source' | 'target';
  readonly label: string;
  readonly searchLabel: string;
  readonly view: TreeView;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly scrolled: () => void;
  /** The field that is looked at. */
  readonly current: string | undefined;
  /** Enter, Space or a click; `byKey` where it was not the mouse. */
  readonly choose: (field: TreeField, byKey: boolean) => void;
  /** The arrow keys have come here. */
  readonly visit?: (field: TreeField) => void;
  readonly press?: (field: TreeField, event: PointerEvent) => void;
  readonly keys?: (field: TreeField, key: string) => boolean;
  readonly nameOf: (field: TreeField) => string;
  readonly stateOf: (field: TreeField) => string;
  readonly children: (field: TreeField) => ReactNode;
  readonly tools?: ReactNode;
  readonly empty?: ReactNode;
}

/** A tree of which only what is seen is drawn; worked by mouse or by the keys of a tree. */
export function TreePane(props: TreePaneProps) {
  const { t } = useTranslation();
  const { view, side, label, scroller, current } = props;
  const { rows } = view;
  const id = useId();
  const [active, setActive] = useState<string>();
  const found = rows.findIndex(({ field }) => field.key === (active ?? current));
  const at = Math.max(0, found);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  useEffect(() => setActive(current), [current]);
  useEffect(() => {
    if (found >= 0) virtualizer.scrollToIndex(found);
  }, [found, virtualizer]);
  const go = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    setActive(row.field.key);
    props.visit?.(row.field);
  };
  const press = (event: KeyboardEvent) => {
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!act(event.key, row)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const act = (key: string, { field, open, level }: TreeRow): boolean => {
    if (key === 'ArrowDown') go(at + 1);
    else if (key === 'ArrowUp') go(at - 1);
    else if (key === 'Home') go(0);
    else if (key === 'End') go(rows.length - 1);
    else if (key === 'ArrowRight' && open === false) view.toggle(field);
    else if (key === 'ArrowRight' && open) go(at + 1);
    else if (key === 'ArrowLeft' && open && view.search === '') view.toggle(field);
    else if (key === 'ArrowLeft') go(rows.findLastIndex((row, index) => index < at && row.level < level));
    else if (key === 'Enter' || key === ' ') props.choose(field, true);
    else return props.keys?.(field, key) ?? false;
    return true;
  };
  const rowId = (index: number) => `${id}-${index}`;
  return (
    <div className={classes.tree} data-side={side}>
      <div className={classes.treeHead}>
        <TextInput
          className={classes.search ?? ''}
          aria-label={props.searchLabel}
          placeholder={label}
          leftSection={<IconSearch size={14} />}
          value={view.search}
          onChange={(event) => view.setSearch(event.currentTarget.value)}
        />
        <Tooltip label={t(view.isFolded ? 'mapper.unfold' : 'mapper.fold')}>
          <ActionIcon
            size={28}
            aria-label={`${label}: ${t(view.isFolded ? 'mapper.unfold' : 'mapper.fold')}`}
            onClick={view.toggleAll}
          >
            {view.isFolded ? <IconFoldDown size={15} /> : <IconFold size={15} />}
          </ActionIcon>
        </Tooltip>
        {props.tools}
      </div>
      <div
        ref={scroller}
        className={classes.scroller}
        role="tree"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={rows.length > 0 ? rowId(at) : undefined}
        onKeyDown={press}
        onScroll={props.scrolled}
      >
        {rows.length === 0 && props.empty}
        <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index] as TreeRow;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the tree
              // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names the active one
              <div
                key={row.field.key}
                id={rowId(index)}
                role="treeitem"
                className={classes.row}
                style={{ transform: `translateY(${start}px)`, paddingLeft: 8 + (row.level - 1) * 16 }}
                aria-level={row.level}
                aria-setsize={row.siblings}
                aria-posinset={row.position}
                aria-expanded={row.open}
                aria-selected={row.field.key === current}
                data-active={index === at}
                data-state={props.stateOf(row.field)}
                data-field={row.field.key}
                onPointerDown={(event) => props.press?.(row.field, event)}
                onClick={() => {
                  setActive(row.field.key);
                  props.choose(row.field, false);
                }}
              >
                {row.open === undefined ? (
                  <span className={classes.noFold} />
                ) : (
                  <span
                    className={classes.foldMark}
                    data-open={row.open}
                    aria-hidden
                    onClick={(event) => {
                      event.stopPropagation();
                      view.toggle(row.field);
                    }}
                  >
                    <IconChevronRight size={13} aria-hidden />
                  </span>
                )}
                <span className="visually-hidden">{props.nameOf(row.field)}</span>
                <span className={classes.content} aria-hidden>
                  {props.children(row.field)}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
