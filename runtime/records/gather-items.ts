import { type SyncItem, type SyncProblem, writeJson } from '@millrace/contract';
import { stageRows } from '../postgres/records/staging.ts';
import { batches, type ReadItem, readItem } from './sync-items.ts';
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
export async function gatherItems(
  syncing: Syncing,
  items: AsyncIterable<SyncItem> | Iterable<SyncItem>,
): Promise<Gathered> {
  const gathered: Gathered = { received: 0, invalid: 0, unidentified: 0, staged: 0, problems: [] };
  const sizeOf = ({ data }: ReadItem) => writeJson(data).length;
  for await (const batch of batches(read(items, syncing, gathered), batchOf, sizeOf))
    await gather(syncing, batch, gathered);
  return gathered;
}

async function* read(
  items: AsyncIterable<SyncItem> | Iterable<SyncItem>,
  { place }: Syncing,
  gathered: Gathered,
): AsyncGenerator<ReadItem> {
  for await (const item of items) yield readItem(item, gathered.received++, place.type);
}

async function gather(syncing: Syncing, batch: readonly ReadItem[], gathered: Gathered): Promise<void> {
  const items = await validated(syncing, batch);
  const rows = items.flatMap(({ id, item, data }) => (id === undefined ? [] : [{ id, item, ...(data && { data }) }]));
  const twins = await syncing.inTenant((tx) => stageRows(tx, syncing.attempt, rows));
  gathered.staged += rows.length - twins.size;
  gathered.unidentified += items.length - rows.length;
  for (const item of items) note(gathered, problemOf(item, twins));
}

/** The items with what the record type's schema says of them: each is checked as the new record that it would be. */
async function validated(
  { place: { type }, sync, validate }: Syncing,
  batch: readonly ReadItem[],
): Promise<ReadItem[]> {
  const state = type.lifecycle ? { [type.lifecycle.field]: type.lifecycle.initial } : {};
  const readable = batch.filter(({ data }) => data !== undefined);
  const problems = await validateList(
    validate,
    type,
    readable.map(({ data }) => ({ ...sync.keepOthers?.initial, ...data, ...state, ...sync.onChange })),
  );
  const firstOf = new Map(readable.map(({ item }, at) => [item, problems[at]?.[0]]));
  return batch.map((one) => {
    const problem = firstOf.get(one.item);
    return problem ? broken(one, problem) : one;
  });
}

function broken({ item, id }: ReadItem, { code, pointer, message }: Omit<SyncProblem, 'item'>): ReadItem {
  const whose = { item, ...(id !== undefined && { id }) };
  return { ...whose, problem: { ...whose, code, pointer, message } };
}

function problemOf({ item, id, problem }: ReadItem, twins: ReadonlySet<number>): SyncProblem | undefined {
  if (problem || id === undefined || !twins.has(item)) return problem;
  return { item, id, code: 'ID_TWICE', pointer: '', message: 'An earlier item has the same id; that one counts.' };
}

function note(gathered: Gathered, problem: SyncProblem | undefined): void {
  if (!problem) return;
  gathered.invalid++;
  if (gathered.problems.length < mostProblems) gathered.problems.push(problem);
}
