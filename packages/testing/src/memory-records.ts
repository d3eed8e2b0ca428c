import { type JsonObject, MillraceError, type Records, type StoredRecord } from '@millrace/contract';

/** States that may follow each state, and the field that holds it; as in a flow's record type. */
export interface Lifecycle {
  readonly field: string;
  readonly transitions: Readonly<Record<string, readonly string[]>>;
}

type Seed = { readonly type: string; readonly id: string; readonly data: JsonObject };

/**
 * Records in a map. Types without a life cycle keep their state in `status` and may move anywhere.
 * Errors: `RECORD_NOT_FOUND`, `TRANSITION_FORBIDDEN`.
 */
export function memoryRecords(
  seeds: readonly Seed[] = [],
  lifecycles: Readonly<Record<string, Lifecycle>> = {},
): Records {
  const stored = new Map<string, StoredRecord>();
  const keyOf = (type: string, id: string) => JSON.stringify([type, id]);
  const store = (type: string, id: string, data: JsonObject): StoredRecord => {
    const version = (stored.get(keyOf(type, id))?.version ?? 0) + 1;
    const record = { type, id, data, version };
    stored.set(keyOf(type, id), record);
    return record;
  };
  for (const { type, id, data } of seeds) store(type, id, data);

  return {
    get: async (type, id) => stored.get(keyOf(type, id)),
    put: async (type, id, data) => store(type, id, data),
    transition: async (type, id, to, set) => {
      const record = stored.get(keyOf(type, id));
      if (!record) throw notFound(type, id);
      const lifecycle = lifecycles[type];
      if (lifecycle) assertAllowed(record, to, lifecycle);
      return store(type, id, { ...record.data, ...set, [lifecycle?.field ?? 'status']: to });
    },
  };
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
