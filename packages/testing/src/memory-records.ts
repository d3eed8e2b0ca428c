import { isDeepStrictEqual } from 'node:util';
import { type JsonObject, MillraceError, type RecordSets, type Records, type StoredRecord } from '@millrace/contract';
import { queryIn } from './memory-record-query.ts';
import { memoryRecordSets } from './memory-record-sets.ts';

/** States that may follow each state, and the field that holds it; as in a flow's record type. */
export interface Lifecycle {
  readonly field: string;
  readonly transitions: Readonly<Record<string, readonly string[]>>;
}

export type RecordSeed = { readonly type: string; readonly id: string; readonly data: JsonObject };

/** Records in a map; see {@link memoryRecordStore}. */
export function memoryRecords(
  seeds: readonly RecordSeed[] = [],
  lifecycles: Readonly<Record<string, Lifecycle>> = {},
): Records {
  return memoryRecordStore(seeds, lifecycles).records;
}

/**
 * Records in a map, one by one and in sets. Types without a life cycle keep their state in `status` and may move anywhere;
 * items of a sync are not validated.
 * Errors: `RECORD_NOT_FOUND`, `TRANSITION_FORBIDDEN`, `SYNC_TOO_DIFFERENT`.
 */
export function memoryRecordStore(
  seeds: readonly RecordSeed[] = [],
  lifecycles: Readonly<Record<string, Lifecycle>> = {},
): { readonly records: Records; readonly recordSets: RecordSets } {
  const stored = new Map<string, StoredRecord>();
  const keyOf = (type: string, id: string) => JSON.stringify([type, id]);
  const store = (type: string, id: string, data: JsonObject): StoredRecord => {
    const version = (stored.get(keyOf(type, id))?.version ?? 0) + 1;
    const record = { type, id, data, version };
    stored.set(keyOf(type, id), record);
    return record;
  };
  const ofType = (type: string) => [...stored.values()].filter((record) => record.type === type);
  const stateField = (type: string) => lifecycles[type]?.field ?? 'status';
  for (const { type, id, data } of seeds) store(type, id, data);

  const records: Records = {
    get: async (type, id) => stored.get(keyOf(type, id)),
    query: async (type, query) => queryIn(ofType(type), stateField(type), query),
    put: async (type, id, data) => {
      const present = stored.get(keyOf(type, id));
      return present && isDeepStrictEqual(present.data, data) ? present : store(type, id, data);
    },
    transition: async (type, id, to, set) => {
      const record = stored.get(keyOf(type, id));
      if (!record) throw notFound(type, id);
      const lifecycle = lifecycles[type];
      if (lifecycle) assertAllowed(record, to, lifecycle);
      return store(type, id, { ...record.data, ...set, [stateField(type)]: to });
    },
  };
  return { records, recordSets: memoryRecordSets({ ofType, stateField, store }) };
}

function assertAllowed(record: StoredRecord, to: string, { field, transitions }: Lifecycle): void {
  const from = String(record.data[field]);
  const allowed = transitions[from] ?? [];
  if (allowed.includes(to)) return;
  throw new MillraceError(
    'TRANSITION_FORBIDDEN',
    `${record.type} “${record.id}” may not go from ${from} to ${to}; allowed: ${allowed.join(', ') || 'none'}.`,
  );
}

function notFound(type: string, id: string): MillraceError {
  return new MillraceError('RECORD_NOT_FOUND', `There is no ${type} “${id}”.`, { category: 'not-found' });
}
