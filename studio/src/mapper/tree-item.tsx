import { IconChevronRight } from '@tabler/icons-react';
import type { PointerEvent, ReactNode } from 'react';
import classes from './board.module.css';
import type { TreeRow } from './tree-rows.ts';

interface TreeItemProps {
  readonly id: string;
  readonly row: TreeRow;
  /** Pixels from the top of the tree. */
  readonly top: number;
  /** What the row tells, for those who do not see it. */
  readonly name: string;
  readonly state: string;
  readonly selected: boolean;
  /** The keys are for it. */
  readonly active: boolean;
  readonly toggle: () => void;
  readonly press: (event: PointerEvent) => void;
  readonly choose: () => void;
  readonly children: ReactNode;
}

/** A row of a tree. */
export function TreeItem({ row, top, name, state, selected, active, toggle, press, choose, ...rest }: TreeItemProps) {
  const { field, level, siblings, position, open } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the tree
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names the active one
    <div
      id={rest.id}
      role="treeitem"
      className={classes.row}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 8 + (level - 1) * 16 }}
      aria-level={level}
      aria-setsize={siblings}
      aria-posinset={position}
      aria-expanded={open}
      aria-selected={selected}
      data-active={active}
      data-state={state}
      data-field={field.key}
      onPointerDown={press}
      onClick={choose}
    >
      {open === undefined ? (
        <span className={classes.noFold} />
      ) : (
        <span
          className={classes.foldMark}
          data-open={open}
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            toggle();
          }}
        >
          <IconChevronRight size={13} aria-hidden />
        </span>
      )}
      <span className="visually-hidden">{name}</span>
      <span className={classes.content} aria-hidden>
        {rest.children}
      </span>
    </div>
  );
}
