/** A row of a list whose rows have ids that begin with the time. */
export interface Row {
  readonly id: string;
}

export interface RowPage<R extends Row> {
  readonly rows: readonly R[];
  /** Where the following page begins; null behind the last one. */
  readonly next: string | null;
}

/** What is known of a long list: its beginning without a gap, as far as it was read. */
export type Rows<R extends Row> = RowPage<R>;

export type Order = 'newest' | 'oldest';

/**
 * The list with its first page as it is now. What that page passes over is gone, what lies behind it stays as it was read.
 * Where the page no longer reaches what was known, so much has come that there is a gap: then only the page is known.
 */
export function withFirstPage<R extends Row>(known: Rows<R> | undefined, first: RowPage<R>, order: Order): Rows<R> {
  const last = first.rows.at(-1);
  if (!known || !last || first.next === null) return first;
  const isBehind = ({ id }: Row) => (order === 'newest' ? id < last.id : id > last.id);
  const behind = known.rows.filter(isBehind);
  const overlaps = behind.length < known.rows.length;
  return overlaps && behind.length > 0 ? { rows: [...first.rows, ...behind], next: known.next } : first;
}

/** The list with the page behind it, which begins where the list ended. */
export function withNextPage<R extends Row>(known: Rows<R>, page: RowPage<R>, after: string): Rows<R> {
  return known.next === after ? { rows: [...known.rows, ...page.rows], next: page.next } : known;
}

/** The beginning of the list; what is behind it is read again when somebody scrolls there. */
export function beginningOf<R extends Row>(known: Rows<R>, count: number): Rows<R> {
  const last = known.rows[count - 1];
  return last && known.rows.length > count ? { rows: known.rows.slice(0, count), next: last.id } : known;
}

/** The list with some of its rows changed; the same where none is. */
export function withChanged<R extends Row>(known: Rows<R>, ids: ReadonlySet<string>, change: (row: R) => R): Rows<R> {
  if (!known.rows.some(({ id }) => ids.has(id))) return known;
  return { ...known, rows: known.rows.map((row) => (ids.has(row.id) ? change(row) : row)) };
}
