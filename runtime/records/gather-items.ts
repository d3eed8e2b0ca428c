import { type Json, type SyncProblem, writeJson } from '@millrace/contract';
import { stageRows } from '../postgres/records/staging.ts';
import { batches, readItem, type SyncItem } from './sync-items.ts';
import { batchOf, type Syncing } from './syncing.ts';
import { validateList } from './validate-list.ts';

/** What came of reading the items. */
export interface Gathered {
  received: number;
  invalid: number;
  /** Items that do not say whose data they are. */
  unidentified: number;
  /** Rows in the staging table. */
  staged: number;
  /** The first of those that are not valid. */
  readonly problems: SyncProblem[];
}

const mostProblems = 100;

/** Reads the items into the staging table, validated, batch by batch. */
export async function gatherItems(syncing: Syncing, items: AsyncIterable<Json> | Iterable<Json>): Promise<Gathered> {
  const gathered: Gathered = { received: 0, invalid: 0, unidentified: 0, staged: 0, problems: [] };
  const sizeOf = ({ data }: SyncItem) => writeJson(data).length;
  for await (const batch of batches(read(items, syncing, gathered), batchOf, sizeOf))
    await gather(syncing, batch, gathered);
  return gathered;
}

async function* read(
  items: AsyncIterable<Json> | Iterable<Json>,
  { sync, place }: Syncing,
  gathered: Gathered,
): AsyncGenerator<SyncItem> {
  for await (const value of items) yield readItem(value, gathered.received++, sync, place.type);
}

async function gather(syncing: Syncing, batch: readonly SyncItem[], gathered: Gathered): Promise<void> {
  const items = await validated(syncing, batch);
  const rows = items.flatMap(({ id, item, data }) => (id === undefined ? [] : [{ id, item, ...(data && { data }) }]));
  const twins = await syncing.inTenant((tx) => stageRows(tx, syncing.attempt, rows));
  gathered.staged += rows.length - twins.size;
  gathered.unidentified += items.length - rows.length;
  for (const item of items) note(gathered, problemOf(item, twins));
}

/** The items with what the record type's schema says of them; a new record is checked in its first state. */
async function validated({ place: { type }, validate }: Syncing, batch: readonly SyncItem[]): Promise<SyncItem[]> {
  const state = type.lifecycle ? { [type.lifecycle.field]: type.lifecycle.initial } : {};
  const readable = batch.filter(({ data }) => data !== undefined);
  const problems = await validateList(
    validate,
    type,
    readable.map(({ data }) => ({ ...data, ...state })),
  );
  const firstOf = new Map(readable.map(({ item }, at) => [item, problems[at]?.[0]]));
  return batch.map((one) => {
    const problem = firstOf.get(one.item);
    return problem ? broken(one, problem) : one;
  });
}

function broken({ item, id }: SyncItem, { code, pointer, message }: Omit<SyncProblem, 'item'>): SyncItem {
  const whose = { item, ...(id !== undefined && { id }) };
  return { ...whose, problem: { ...whose, code, pointer, message } };
}

function problemOf({ item, id, problem }: SyncItem, twins: ReadonlySet<number>): SyncProblem | undefined {
  if (problem || id === undefined || !twins.has(item)) return problem;
  return { item, id, code: 'ID_TWICE', pointer: '', message: 'An earlier item has the same id; that one counts.' };
}

function note(gathered: Gathered, problem: SyncProblem | undefined): void {
  if (!problem) return;
  gathered.invalid++;
  if (gathered.problems.length < mostProblems) gathered.problems.push(problem);
}
