import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import { IconFold, IconFoldDown, IconSearch } from '@tabler/icons-react';
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
import { TreeItem } from './tree-item.tsx';
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

export interface TreePaneProps {
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
  readonly press?: (field: TreeField, event: PointerEvent) => void;
  /** Keys besides those of every tree. @returns whether this is one */
  readonly keys: (field: TreeField, key: string) => boolean;
  readonly nameOf: (field: TreeField) => string;
  readonly stateOf: (field: TreeField) => string;
  readonly children: (field: TreeField) => ReactNode;
  readonly tools?: ReactNode;
  /** Stands in the room below the tree. */
  readonly below?: ReactNode;
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
  useEffect(() => {
    if (current !== undefined) setActive(current);
  }, [current]);
  useEffect(() => {
    if (found >= 0) virtualizer.scrollToIndex(found);
  }, [found, virtualizer]);
  const go = (index: number) => {
    const row = rows[index];
    if (row) setActive(row.field.key);
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
    else return props.keys(field, key);
    return true;
  };
  const foldLabel = t(view.isFolded ? 'mapper.unfold' : 'mapper.fold');
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
        <Tooltip label={foldLabel}>
          <ActionIcon size={28} aria-label={`${label}: ${foldLabel}`} onClick={view.toggleAll}>
            {view.isFolded ? <IconFoldDown size={15} /> : <IconFold size={15} />}
          </ActionIcon>
        </Tooltip>
        {props.tools}
      </div>
      {rows.length === 0 && <p className={classes.nothing}>{t('mapper.nothingFound')}</p>}
      <div
        ref={scroller}
        className={classes.scroller}
        role="tree"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={rows.length > 0 ? `${id}-${at}` : undefined}
        onKeyDown={press}
        onScroll={props.scrolled}
      >
        <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const { field } = row;
            return (
              <TreeItem
                key={field.key}
                id={`${id}-${index}`}
                row={row}
                top={start}
                name={props.nameOf(field)}
                state={props.stateOf(field)}
                selected={field.key === current}
                active={index === at}
                toggle={() => view.toggle(field)}
                press={(event) => props.press?.(field, event)}
                choose={() => {
                  setActive(field.key);
                  props.choose(field, false);
                }}
              >
                {props.children(field)}
              </TreeItem>
            );
          })}
        </div>
      </div>
      {props.below}
    </div>
  );
}
