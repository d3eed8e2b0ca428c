import { type JsonObject, MillraceError, type Records, type StoredRecord, writeJson } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import type { RecordChange, RecordWrite } from '../postgres/commit/burst-writes.ts';
import type { Database } from '../postgres/database.ts';
import { loadRecord, loadRecordType } from '../postgres/records/records.ts';
import type { Evaluation } from './evaluation.ts';

/** A burst's view of the records: reads remember versions, writes are kept back for the commit that checks them. */
export interface BufferedRecords {
  /** The records as a step may write them. */
  as(step: string): Records;
  /** The records as any other step sees them. */
  readonly: Records;
  /** What is to be written. */
  pending(): readonly RecordWrite[];
  /** Takes back what a step has written that then did not succeed. */
  discard(step: string): void;
  /** The writes have been committed. */
  committed(): void;
}

interface Entry {
  readonly type: string;
  readonly id: string;
  readonly read: StoredRecord | undefined;
  changes: RecordChange[];
}

export function bufferRecords(
  at: { id: string; tenant: string; environment: string },
  database: Database,
  evaluation: Evaluation,
): BufferedRecords {
  let entries = new Map<string, Entry>();
  /** Run and step, as they stand in the history. */
  const whoOf = (step: string) => `${at.id}/${step}`;
  const inTenant = database.asTenants.bind(database, [at.tenant]) as <T>(
    work: Parameters<Database['asTenants']>[1],
  ) => Promise<T>;

  const entryOf = async (type: string, id: string): Promise<Entry> => {
    const key = `${type}\n${id}`;
    const known = entries.get(key);
    if (known) return known;
    const read = await inTenant<StoredRecord | undefined>((tx) =>
      loadRecord(tx, { environment: at.environment, type, id }),
    );
    const entry = { type, id, read, changes: [] };
    entries.set(key, entry);
    return entry;
  };

  const typeOf = async (id: string): Promise<RecordType> => {
    const type = await inTenant<RecordType | undefined>((tx) => loadRecordType(tx, at.environment, id));
    if (!type) throw new MillraceError('RECORD_TYPE_UNKNOWN', `There is no record type “${id}” in this environment.`);
    return type;
  };

  const write = async (type: RecordType, id: string, entry: Entry, change: RecordChange): Promise<StoredRecord> => {
    const problems = await evaluation.validate(type.schema as JsonObject, change.data);
    if (problems.length > 0)
      throw new MillraceError('RECORD_INVALID', `The data does not fit the record type “${type.id}”.`, { problems });
    entry.changes.push(change);
    return current(type.id, id, entry) as StoredRecord;
  };

  const get: Records['get'] = async (type, id) => current(type, id, await entryOf(type, id));
  const refuse = async (): Promise<never> => {
    throw new MillraceError('RECORDS_READ_ONLY', 'Only a node whose effect is “stored” may write records.', {
      category: 'internal',
    });
  };

  return {
    readonly: { get, put: refuse, transition: refuse },
    as: (step) => ({
      get,
      async put(typeId, id, data) {
        const [type, entry] = [await typeOf(typeId), await entryOf(typeId, id)];
        const before = current(typeId, id, entry);
        const placed = withState(type, data, before?.data);
        return write(type, id, entry, { data: placed, who: whoOf(step), ...stateChange(type, before?.data, placed) });
      },
      async transition(typeId, id, to, set, why) {
        const [type, entry] = [await typeOf(typeId), await entryOf(typeId, id)];
        const before = current(typeId, id, entry);
        if (!before)
          throw new MillraceError('RECORD_MISSING', `There is no “${typeId}” record ${id}.`, { category: 'not-found' });
        const data = { ...before.data, ...set, [lifecycleOf(type).field]: to };
        checkTransition(type, before.data, to);
        return write(type, id, entry, {
          data,
          who: whoOf(step),
          ...(why && { why }),
          ...stateChange(type, before.data, data),
        });
      },
    }),
    pending: () =>
      [...entries.values()].flatMap(({ type, id, read, changes }) =>
        changes.length > 0 ? [{ type, id, expected: read?.version ?? 0, changes }] : [],
      ),
    discard: (step) => {
      for (const entry of entries.values()) entry.changes = entry.changes.filter(({ who }) => who !== whoOf(step));
    },
    committed: () => {
      entries = new Map();
    },
  };
}

function current(type: string, id: string, { read, changes }: Entry): StoredRecord | undefined {
  const last = changes.at(-1);
  return last ? { type, id, data: last.data, version: (read?.version ?? 0) + changes.length } : read;
}

function lifecycleOf(type: RecordType): NonNullable<RecordType['lifecycle']> {
  if (type.lifecycle) return type.lifecycle;
  throw new MillraceError('RECORD_WITHOUT_LIFECYCLE', `Records of type “${type.id}” have no life cycle.`);
}

/** A new record starts in the initial state; replacing one keeps its state, which only a transition may change. */
function withState(type: RecordType, data: JsonObject, before: JsonObject | undefined): JsonObject {
  if (!type.lifecycle) return data;
  const { field, initial } = type.lifecycle;
  const state = (before?.[field] as string | undefined) ?? initial;
  if (data[field] !== undefined && data[field] !== state)
    throw new MillraceError(
      'TRANSITION_FORBIDDEN',
      `“${field}” is changed by a transition; a put leaves it at ${state}.`,
      {
        pointer: `/${field}`,
      },
    );
  return { ...data, [field]: state };
}

function checkTransition(type: RecordType, before: JsonObject, to: string): void {
  const { field, transitions } = lifecycleOf(type);
  const from = stateIn(before, field);
  const allowed = transitions[from] ?? [];
  if (allowed.includes(to)) return;
  const choice = allowed.length > 0 ? `allowed: ${allowed.join(', ')}` : 'it is final';
  throw new MillraceError('TRANSITION_FORBIDDEN', `“${type.id}” cannot go from ${from} to ${to} (${choice}).`, {
    pointer: `/${field}`,
    details: { from, to, allowed },
  });
}

function stateChange(
  type: RecordType,
  before: JsonObject | undefined,
  after: JsonObject,
): { from?: string; to?: string } {
  if (!type.lifecycle) return {};
  const { field } = type.lifecycle;
  return { ...(before && { from: stateIn(before, field) }), to: stateIn(after, field) };
}

function stateIn(data: JsonObject, field: string): string {
  const state = data[field];
  return typeof state === 'string' ? state : writeJson(state);
}
