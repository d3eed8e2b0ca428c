import { type Json, MillraceError, writeJson } from '@millrace/contract';
import {
  addEntries,
  beginChange,
  type CodeEntry,
  measureTable,
  noteTable,
  removeEntries,
  type TableAddress,
} from '../postgres/code-tables/code-tables.ts';
import type { Tx } from '../postgres/database.ts';

/** Bounds: a table travels with every evaluation that names it. */
const most = { entries: 20_000, characters: 1_000_000 };

export interface TableChange {
  /** Entries that take the place of what their keys stood for. */
  readonly set: readonly CodeEntry[];
  /** Keys that go, or `all` before the entries come. */
  readonly remove: readonly string[] | 'all';
}

/**
 * Changes a table as a whole or not at all; answers its new version.
 * @throws {MillraceError} `NOT_FOUND`, `CODE_ENTRY_INVALID`, `CODE_ENTRY_TWICE`, `CODE_ENTRY_OVERLAP`, `CODE_TABLE_TOO_LARGE`
 */
export async function changeTable(tx: Tx, address: TableAddress, { set, remove }: TableChange): Promise<number> {
  for (const [index, entry] of set.entries()) checkPeriod(entry, index);
  checkTwins(set);
  const version = await beginChange(tx, address);
  if (version === undefined)
    throw new MillraceError('NOT_FOUND', 'This code table does not exist.', { category: 'not-found' });
  const keys = remove === 'all' ? 'all' : [...remove, ...set.map(({ key }) => key)];
  const before = { version: version - 1, entries: await removeEntries(tx, address, keys) };
  await addEntries(tx, address, set);
  const size = await measureTable(tx, address);
  if (size.overlapping !== null)
    throw new MillraceError('CODE_ENTRY_OVERLAP', `Two entries of the key “${size.overlapping}” hold on the same day.`);
  if (size.entries > most.entries || size.characters > most.characters)
    throw new MillraceError(
      'CODE_TABLE_TOO_LARGE',
      `A code table holds at most ${most.entries} entries with ${most.characters} characters; keep larger ones as records.`,
    );
  await noteTable(tx, address, before, { version, entries: set });
  return version;
}

function checkPeriod({ validFrom, validTo }: CodeEntry, index: number): void {
  const wrong = [validFrom, validTo].some((day) => day !== null && !isDay(day));
  if (!wrong && (validFrom === null || validTo === null || validFrom < validTo)) return;
  const message = 'An entry holds from one day until before a later one; days are written 2026-03-31.';
  throw new MillraceError('CODE_ENTRY_INVALID', message, { pointer: `/entries/${index}` });
}

/** JavaScript reads 31 February as 3 March. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function checkTwins(entries: readonly CodeEntry[]): void {
  const seen = new Set<string>();
  for (const [index, { key, validFrom }] of entries.entries()) {
    const name = writeJson([key, validFrom] as Json);
    if (seen.has(name))
      throw new MillraceError('CODE_ENTRY_TWICE', `The key “${key}” is given twice for one day.`, {
        pointer: `/entries/${index}`,
      });
    seen.add(name);
  }
}
