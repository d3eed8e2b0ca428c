import { Skeleton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import classes from './endless-table.module.css';
import type { Row } from './rows.ts';
import type { Endless } from './use-endless.ts';

const rowHeight = 54;
/** So many rows before the end the next page is read. */
const ahead = 40;

export interface EndlessColumn<R> {
  readonly id: string;
  readonly head: ReactNode;
  /** CSS width; what has none shares what is left. */
  readonly width?: number | string;
  readonly cell: (row: R) => ReactNode;
  readonly sort?: 'ascending' | 'descending';
}

interface EndlessTableProps<R extends Row> {
  /** What the table shows, for those who do not see it. */
  readonly label: string;
  readonly list: Endless<R>;
  readonly columns: readonly EndlessColumn<R>[];
}

/** A list of which only the rows in sight are drawn, and the next page is read before its end comes into sight. */
export function EndlessTable<R extends Row>({ label, list, columns }: EndlessTableProps<R>) {
  const rows = list.rows ?? [];
  const frame = useRef<HTMLDivElement>(null);
  const scroller = () => document.getElementById('content');
  const margin = useOffset(frame, scroller);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    scrollMargin: margin,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const isNearEnd = rows.length > 0 && last >= rows.length - ahead && !list.isAll;
  const { readMore } = list;
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once for each end that comes near
  useEffect(() => {
    if (isNearEnd) readMore();
  }, [isNearEnd, rows.length]);
  const before = (shown[0]?.start ?? margin) - margin;
  const behind = virtual.getTotalSize() - before - shown.length * rowHeight;
  return (
    <div className={classes.frame} ref={frame} data-old={list.isOld}>
      <table className={classes.table} aria-label={label} aria-rowcount={list.isAll ? rows.length + 1 : -1}>
        <colgroup>
          {columns.map(({ id, width }) => (
            <col key={id} {...(width !== undefined && { style: { width } })} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ id, head, sort }) => (
              <th key={id} scope="col" aria-sort={sort}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space height={before} />
          {shown.map(({ index, key }) => {
            const row = rows[index];
            return (
              row && (
                <tr key={key} className={classes.row} aria-rowindex={index + 2}>
                  {columns.map(({ id, cell }) => (
                    <td key={id}>{cell(row)}</td>
                  ))}
                </tr>
              )
            );
          })}
          <Space height={behind} />
        </tbody>
      </table>
    </div>
  );
}

/** Where rows are that are not in sight. */
function Space({ height }: { readonly height: number }) {
  return height > 0 && <tr aria-hidden style={{ height }} />;
}

/** How far the frame begins below the top of what scrolls. */
function useOffset(frame: React.RefObject<HTMLElement | null>, scroller: () => HTMLElement | null): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const within = scroller();
    if (!frame.current || !within) return;
    const top = frame.current.getBoundingClientRect().top - within.getBoundingClientRect().top + within.scrollTop;
    if (Math.abs(top - offset) > 1) setOffset(top);
  });
  return offset;
}

export function EndlessSkeleton() {
  return (
    <div className={classes.skeletons} aria-hidden>
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} height={44} radius={8} />
      ))}
    </div>
  );
}
