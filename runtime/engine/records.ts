import { type JsonObject, MillraceError, type RecordSets, type Records, type StoredRecord } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import type { RecordChange, RecordWrite } from '../postgres/commit/burst-writes.ts';
import type { Database, Tx } from '../postgres/database.ts';
import { drawNumber } from '../postgres/records/draw-number.ts';
import { queryRecords } from '../postgres/records/query-records.ts';
import { moved, stateChange, withState } from '../records/lifecycle.ts';
import { idsAsked, pageOf, selectionOf } from '../records/query.ts';
import { isSameData } from '../records/same-data.ts';
import { syncRecords } from '../records/sync.ts';
import type { Evaluation } from './evaluation.ts';
import { openRecordReads, type RunReads } from './record-reads.ts';
import { roughSize } from './rough-size.ts';

/** A burst's view of the records: reads remember versions, writes are kept back for the commit that checks them. */
export interface BufferedRecords {
  /** Records in sets and numbers, as a step may write them: at once, in transactions of their own. @param now as in `as` */
  sets(step: string, now: Date): RecordSets;
  /** For steps that may not. */
  readonly noSets: RecordSets;
  /** The records as a step may write them. @param now time of the step's activation */
  as(step: string, now: Date): Records;
  /** The records as any other step sees them. */
  readonly: Records;
  /** What is to be written. */
  pending(): readonly RecordWrite[];
  /** Somebody waits for what the database has. */
  readonly isReading: boolean;
  /** Characters of what is to be written, roughly; what was taken back counts until the commit. */
  readonly size: number;
  /** Takes back what a step has written that then did not succeed. */
  discard(step: string): void;
  /** Forgets what was read and written: it has been committed, or is given up. */
  clear(): void;
}

interface Entry {
  readonly type: string;
  readonly id: string;
  readonly read: StoredRecord | undefined;
  changes: RecordChange[];
}

export function bufferRecords(
  at: { id: string; tenant: string; environment: string; flowId: string },
  database: Database,
  evaluation: Evaluation,
  stored: RunReads = openRecordReads(database).of(at),
): BufferedRecords {
  let entries = new Map<string, Entry>();
  let size = 0;
  let underWay = 0;
  /** Run and step, as they stand in the history. */
  const whoOf = (step: string) => `${at.id}/${step}`;
  const reading = async <T>(read: Promise<T>): Promise<T> => {
    underWay++;
    try {
      return await read;
    } finally {
      underWay--;
    }
  };

  const entryOf = async (type: string, id: string): Promise<Entry> => {
    const known = entries.get(keyOf(type, id));
    return known ?? remember(type, id, await reading(stored.record(type, id)));
  };

  /** What another step has read or written meanwhile stays. */
  const remember = (type: string, id: string, read: StoredRecord | undefined): Entry => {
    const entry = entries.get(keyOf(type, id)) ?? { type, id, read, changes: [] };
    entries.set(keyOf(type, id), entry);
    return entry;
  };

  const typeOf = async (id: string): Promise<RecordType> => {
    const type = await reading(stored.type(id));
    if (!type) throw new MillraceError('RECORD_TYPE_UNKNOWN', `There is no record type “${id}” in this environment.`);
    return type;
  };

  /** Master data of another system is changed by the flow that brings it, and by no other. */
  const writableType = async (id: string): Promise<RecordType> => {
    const type = await typeOf(id);
    if (!type.writers || type.writers.includes(at.flowId)) return type;
    const writers = type.writers.map((flow) => `“${flow}”`).join(' and ');
    throw new MillraceError('RECORD_WRITER_OTHER', `Records of type “${id}” are written by ${writers} alone.`);
  };

  const write = async (type: RecordType, id: string, entry: Entry, change: RecordChange): Promise<StoredRecord> => {
    const problems = await evaluation.validate(type.schema as JsonObject, change.data);
    if (problems.length > 0)
      throw new MillraceError('RECORD_INVALID', `The data does not fit the record type “${type.id}”.`, { problems });
    entry.changes.push(change);
    size += roughSize(change.data);
    return current(type.id, id, entry) as StoredRecord;
  };

  const get: Records['get'] = async (type, id) => current(type, id, await entryOf(type, id));

  /**
   * Sees the burst's own writes. What it finds, or asks for by its id, counts as read, so that a later write of it is checked
   * by its version.
   */
  const query: Records['query'] = async (typeId, asked) => {
    const selection = selectionOf(await typeOf(typeId), asked);
    await Promise.all(idsAsked(asked).map((id) => entryOf(typeId, id)));
    const unwritten = [...entries.values()].flatMap(({ type, id, read, changes }) => {
      const now = type === typeId && changes.length > 0 ? current(type, id, { read, changes }) : undefined;
      return now ? [now] : [];
    });
    const look = <T>(statement: (tx: Tx) => Promise<T>) => database.atOnce.asTenants([at.tenant], statement);
    const found = await reading(queryRecords(look, { ...at, ...selection, type: typeId, unwritten }));
    const page = pageOf(found, typeId, asked);
    for (const record of page.records) remember(typeId, record.id, record);
    return page;
  };

  /** What was read before a sync may have been changed by it. */
  const forget = (type: string): void => {
    for (const [key, entry] of entries) if (entry.type === type && entry.changes.length === 0) entries.delete(key);
  };

  return {
    readonly: { get, query, put: refuseWrite, transition: refuseWrite },
    noSets: { sync: refuseSets, nextNumber: refuseSets },
    sets: (step, now) => ({
      async sync(items, sync) {
        const type = await writableType(sync.type);
        const tools = { database, validate: evaluation.validate };
        const report = await syncRecords(tools, { ...at, type, who: whoOf(step), now }, items, sync);
        forget(sync.type);
        return report;
      },
      nextNumber: (series, draw) =>
        reading(
          database.atOnce.asTenants([at.tenant], (tx) => drawNumber(tx, { ...at, ...draw, series, who: whoOf(step) })),
        ),
    }),
    as: (step, now) => ({
      /** Whoever may write it will want its type as well. */
      async get(type, id) {
        const [entry] = await Promise.all([entryOf(type, id), typeOf(type)]);
        return current(type, id, entry);
      },
      query,
      async put(typeId, id, data, why) {
        const [type, entry] = await Promise.all([writableType(typeId), entryOf(typeId, id)]);
        const before = current(typeId, id, entry);
        const placed = withState(type, data, before?.data);
        if (before && isSameData(before.data, placed)) return before;
        return write(type, id, entry, {
          data: placed,
          who: whoOf(step),
          ...(why && { why }),
          ...stateChange(type, before?.data, placed),
        });
      },
      async transition(typeId, id, to, set, why) {
        const [type, entry] = await Promise.all([writableType(typeId), entryOf(typeId, id)]);
        const before = current(typeId, id, entry);
        if (!before)
          throw new MillraceError('RECORD_NOT_FOUND', `There is no “${typeId}” record ${id}.`, {
            category: 'not-found',
          });
        const data = moved(type, before.data, { to, set, at: now });
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
    get isReading() {
      return underWay > 0;
    },
    get size() {
      return size;
    },
    discard: (step) => {
      for (const entry of entries.values()) entry.changes = entry.changes.filter(({ who }) => who !== whoOf(step));
    },
    clear: () => {
      entries = new Map();
      stored.forgetTypes();
      size = 0;
    },
  };
}

function keyOf(type: string, id: string): string {
  return `${type}\n${id}`;
}

/** The record as the burst sees it. */
function current(
  type: string,
  id: string,
  { read, changes }: Pick<Entry, 'read' | 'changes'>,
): StoredRecord | undefined {
  const last = changes.at(-1);
  return last ? { type, id, data: last.data, version: (read?.version ?? 0) + changes.length } : read;
}

async function refuseWrite(): Promise<never> {
  throw new MillraceError('RECORDS_READ_ONLY', 'Only a node whose effect is “stored” may write records.', {
    category: 'internal',
  });
}

async function refuseSets(): Promise<never> {
  throw new MillraceError('RECORDS_READ_ONLY', 'Only a node whose effect is “idempotent-write” may sync or number.', {
    category: 'internal',
  });
}
