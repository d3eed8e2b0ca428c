import {
  type DrawnNumber,
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  type MissingRecords,
  type RecordSets,
  type RecordSync,
  type StoredRecord,
  type SyncChange,
  type SyncItem,
  type SyncProblem,
  type SyncReport,
  writeJson,
} from '@millrace/contract';
import { fitsAll } from './memory-record-query.ts';

/** The map that the records are in. */
interface Store {
  ofType(type: string): readonly StoredRecord[];
  stateField(type: string): string;
  store(type: string, id: string, data: JsonObject): StoredRecord;
}

/** Records in sets, over records in a map. */
export function memoryRecordSets({ ofType, stateField, store }: Store): RecordSets {
  const reports = new Map<string, SyncReport>();
  const drawn = new Map<string, DrawnNumber>();
  const last = new Map<string, number>();

  return {
    async sync(items, sync) {
      const earlier = reports.get(sync.key);
      if (earlier) return earlier;
      const before = new Map(ofType(sync.type).map(({ id, data }) => [id, data]));
      const read = await readItems(items);
      const planned = planOf(before, read, sync, stateField(sync.type));
      checkPlan(planned, read, before, sync, stateField(sync.type));
      for (const { id, after } of planned.writes) store(sync.type, id, after);
      const changes = sync.listChanges && (await sync.listChanges(inOrder(planned.changes)));
      const report = { ...planned.counts, ...countsOf(read), ...(changes !== undefined && { changes }) };
      reports.set(sync.key, report);
      return report;
    },
    async nextNumber({ name, period, first }, { key, at }) {
      const known = drawn.get(`${name}\n${key}`);
      if (known !== undefined) return known;
      const number = (last.get(`${name}\n${period}`) ?? first - 1) + 1;
      last.set(`${name}\n${period}`, number);
      drawn.set(`${name}\n${key}`, { number, at });
      return { number, at };
    },
  };
}

interface ReadItems {
  readonly received: number;
  /** By id; the first of several counts. */
  readonly valid: ReadonlyMap<string, JsonObject>;
  /** Ids of items that are not valid, whose records are not missing. */
  readonly spared: ReadonlySet<string>;
  readonly problems: readonly SyncProblem[];
}

async function readItems(items: AsyncIterable<SyncItem> | Iterable<SyncItem>): Promise<ReadItems> {
  const valid = new Map<string, JsonObject>();
  const spared = new Set<string>();
  const problems: SyncProblem[] = [];
  let received = 0;
  for await (const one of items) {
    const item = received++;
    const id = one.id === undefined || one.id === null ? undefined : String(one.id);
    const data = one.data as Json;
    const problem = one.problem ?? problemOf(id, data, [valid, spared]);
    if (problem) {
      problems.push({ item, ...(id !== undefined && { id }), ...problem });
      if (id !== undefined) spared.add(id);
    } else valid.set(id as string, data as JsonObject);
  }
  return { received, valid, spared, problems };
}

function problemOf(
  id: string | undefined,
  data: Json | undefined,
  known: readonly Pick<ReadonlySet<string>, 'has'>[],
): Omit<SyncProblem, 'item' | 'id'> | undefined {
  if (!isObject(data)) return { code: 'ITEM_INVALID', pointer: '', message: 'The item is no object.' };
  if (id === undefined) return { code: 'ID_MISSING', pointer: '', message: 'The item has no id.' };
  if (known.some((ids) => ids.has(id)))
    return { code: 'ID_TWICE', pointer: '', message: 'An earlier item has the same id.' };
  return undefined;
}

function countsOf({ received, problems }: ReadItems): Pick<SyncReport, 'received' | 'invalid' | 'problems'> {
  return { received, invalid: problems.length, problems: problems.slice(0, 100) };
}

interface Plan {
  readonly counts: Omit<SyncReport, 'received' | 'invalid' | 'problems' | 'changes'>;
  readonly writes: readonly { readonly id: string; readonly after: JsonObject }[];
  readonly changes: readonly SyncChange[];
}

function planOf(
  before: ReadonlyMap<string, JsonObject>,
  { valid, spared }: ReadItems,
  sync: RecordSync,
  stateField: string,
): Plan {
  const counts = { created: 0, changed: 0, unchanged: 0, left: 0, missing: 0, deactivated: 0 };
  const writes: { id: string; after: JsonObject }[] = [];
  const changes: SyncChange[] = [];
  const { onlyWhere = [], onChange = {}, keepOthers, missing } = sync;
  for (const [id, data] of valid) {
    const was = before.get(id);
    const is = was === undefined ? { ...keepOthers?.initial, ...data } : keepOthers ? { ...was, ...data } : data;
    const after = { ...is, ...onChange };
    if (was === undefined) counts.created++;
    else if (isSame(was, is)) counts.unchanged++;
    else if (!fitsAll(was, onlyWhere)) counts.left++;
    else {
      counts.changed++;
      changes.push({ id, change: 'changed', before: was, after });
    }
    if (was === undefined || changes.at(-1)?.id === id) writes.push({ id, after });
  }
  for (const [id, was] of before) {
    if (!missing || valid.has(id) || spared.has(id) || isDeactivated(was, missing, stateField)) continue;
    if (!fitsAll(was, onlyWhere)) continue;
    counts.missing++;
    if (!becomesSomething(missing)) continue;
    counts.deactivated++;
    const after = deactivated(was, missing, stateField);
    writes.push({ id, after });
    changes.push({ id, change: 'missing', before: was, after });
  }
  return { counts, writes, changes };
}

async function* inOrder(changes: readonly SyncChange[]): AsyncGenerator<SyncChange> {
  yield* changes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function checkPlan(
  { counts: { changed, unchanged, left, missing: gone } }: Plan,
  { received }: ReadItems,
  before: ReadonlyMap<string, JsonObject>,
  { missing, mostChangedPercent = 100, expectedCount = received, leastCount = 0 }: RecordSync,
  stateField: string,
): void {
  if (received !== expectedCount || received < leastCount)
    throw new MillraceError('SYNC_INCOMPLETE', `${received} items came. Nothing was changed.`);
  const known = changed + unchanged + left;
  if (changed * 100 > known * mostChangedPercent)
    throw new MillraceError('SYNC_TOO_DIFFERENT', `${changed} of ${known} records would change. Nothing was changed.`);
  const active = [...before.values()].filter((data) => missing && !isDeactivated(data, missing, stateField)).length;
  if (missing && gone * 100 > active * missing.mostPercent)
    throw new MillraceError('SYNC_TOO_DIFFERENT', `${gone} of ${active} records are missing. Nothing was changed.`);
}

function becomesSomething({ to, set = {} }: MissingRecords): boolean {
  return to !== undefined || Object.keys(set).length > 0;
}

function isDeactivated(data: JsonObject, missing: MissingRecords, stateField: string): boolean {
  return becomesSomething(missing) && isSame(deactivated(data, missing, stateField), data);
}

function deactivated(data: JsonObject, missing: MissingRecords, stateField: string): JsonObject {
  return { ...data, ...missing.set, ...(missing.to !== undefined && { [stateField]: missing.to }) };
}

/** The order of fields means nothing. */
function isSame(a: JsonObject, b: JsonObject): boolean {
  const sorted = (data: JsonObject) =>
    writeJson(Object.fromEntries(Object.entries(data).toSorted(([x], [y]) => (x < y ? -1 : 1))));
  return sorted(a) === sorted(b);
}
