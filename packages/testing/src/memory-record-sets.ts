import {
  type DrawnNumber,
  isObject,
  type JsonObject,
  MillraceError,
  type MissingRecords,
  type RecordSets,
  type StoredRecord,
  type SyncReport,
  writeJson,
} from '@millrace/contract';
import { valueIn } from './memory-record-query.ts';

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
    async sync(items, { type, idField, missing, key }) {
      const earlier = reports.get(key);
      if (earlier) return earlier;
      const counts = { received: 0, created: 0, changed: 0, unchanged: 0 };
      const incoming = new Map<string, JsonObject>();
      for await (const item of items) {
        counts.received++;
        if (isObject(item)) incoming.set(String(valueIn(item, idField)), item);
      }
      const gone = missing ? missingIn(ofType(type), incoming, missing, stateField(type)) : [];
      for (const [id, data] of incoming) counts[place(ofType(type), type, id, data, store)]++;
      for (const { id, data } of gone) store(type, id, deactivated(data, missing, stateField(type)));
      const report = { ...counts, missing: gone.length, deactivated: gone.length, invalid: 0, problems: [] };
      reports.set(key, report);
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

function place(
  records: readonly StoredRecord[],
  type: string,
  id: string,
  data: JsonObject,
  store: Store['store'],
): 'created' | 'changed' | 'unchanged' {
  const before = records.find((record) => record.id === id);
  if (before && writeJson(before.data) === writeJson(data)) return 'unchanged';
  store(type, id, data);
  return before ? 'changed' : 'created';
}

function missingIn(
  records: readonly StoredRecord[],
  incoming: ReadonlyMap<string, JsonObject>,
  missing: MissingRecords,
  stateField: string,
): readonly StoredRecord[] {
  const active = records.filter(({ data }) => writeJson(deactivated(data, missing, stateField)) !== writeJson(data));
  const gone = active.filter(({ id }) => !incoming.has(id));
  if (gone.length * 100 <= active.length * missing.mostPercent) return gone;
  const message = `${gone.length} of ${active.length} records are missing. Nothing was changed.`;
  throw new MillraceError('SYNC_TOO_DIFFERENT', message);
}

function deactivated(data: JsonObject, missing: MissingRecords | undefined, stateField: string): JsonObject {
  return { ...data, ...missing?.set, ...(missing?.to !== undefined && { [stateField]: missing.to }) };
}
