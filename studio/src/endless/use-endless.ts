import { keepPreviousData, skipToken, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { queryClient } from '../api/query-client.ts';
import {
  beginningOf,
  type Order,
  type Row,
  type RowPage,
  type Rows,
  withChanged,
  withFirstPage,
  withNextPage,
} from './rows.ts';

interface EndlessSource<R extends Row> {
  /** Begins with the name of the list; events of the server refresh it by that. */
  readonly key: readonly [list: string, ...filter: unknown[]];
  readonly order?: Order;
  readonly page: (before: string | undefined) => Promise<RowPage<R>>;
}

export interface Endless<R extends Row> {
  readonly rows: readonly R[] | undefined;
  readonly error: Error | null;
  readonly isOld: boolean;
  readonly isAll: boolean;
  readonly isReading: boolean;
  readonly readMore: () => void;
  readonly again: () => void;
}

const rowsOf = (list: string) => ['rows', list];

/**
 * A list of any length that is read page by page: the first page anew whenever something has happened, those behind it
 * once, when somebody scrolls there. It is kept for a while, so that whoever comes back finds what was read.
 */
export function useEndless<R extends Row>({ key, order = 'newest', page }: EndlessSource<R>): Endless<R> {
  const [list, ...filter] = key;
  const first = useQuery({ queryKey: key, queryFn: () => page(undefined) });
  const rowsKey = [...rowsOf(list), ...filter];
  const known = useQuery<Rows<R>>({ queryKey: rowsKey, queryFn: skipToken, placeholderData: keepPreviousData });
  const update = (change: (rows: Rows<R> | undefined) => Rows<R> | undefined) =>
    queryClient.setQueryData<Rows<R>>(rowsKey, change);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first page alone says what is to be done
  useEffect(() => {
    const { data } = first;
    if (data) update((rows) => withFirstPage(rows, data, order));
  }, [first.data]);
  const next = known.data?.next ?? null;
  const reading = useMutation({
    mutationFn: async (after: string) => ({ after, behind: await page(after) }),
    onSuccess: ({ after, behind }) => update((rows) => rows && withNextPage(rows, behind, after)),
  });
  return {
    rows: known.data?.rows,
    error: known.data ? null : first.error,
    isOld: known.isPlaceholderData,
    isAll: next === null,
    isReading: reading.isPending,
    readMore: () => {
      if (next !== null && !reading.isPending) reading.mutate(next);
    },
    again: () => void first.refetch(),
  };
}

/** Changes rows of a list, whatever it is filtered by. */
export function changeRows<R extends Row>(list: string, ids: ReadonlySet<string>, change: (row: R) => R): void {
  queryClient.setQueriesData<Rows<R>>({ queryKey: rowsOf(list) }, (rows) => rows && withChanged(rows, ids, change));
}

/** Rows that are kept of a list that may be old: what its first page, which is read again, tells of for certain. */
const keptRows = 100;

/** What lies behind the beginning of a list, or of all lists, may have changed without a word. */
export function forgetBehind(list?: string): void {
  const queryKey = list === undefined ? ['rows'] : rowsOf(list);
  queryClient.setQueriesData<Rows<Row>>({ queryKey }, (rows) => rows && beginningOf(rows, keptRows));
}
