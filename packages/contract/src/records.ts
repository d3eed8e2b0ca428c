import type { Json, JsonObject } from './json.ts';

/** A stored record with the version it had when it was read. */
export interface StoredRecord {
  readonly type: string;
  readonly id: string;
  readonly data: JsonObject;
  readonly version: number;
}

/**
 * Records of the run's tenant and environment. Writes are buffered and take effect with the run's commit; reads see
 * them before that. A record that somebody else changed in the meantime lets the run's uncommitted steps run again.
 */
export interface Records {
  /** What is asked for in one go, with `Promise.all`, is looked up together. */
  get(type: string, id: string): Promise<StoredRecord | undefined>;
  /**
   * Records of a type that fit every condition.
   * @throws {MillraceError} `RECORD_TYPE_UNKNOWN`, `RECORD_WITHOUT_LIFECYCLE`, `CURSOR_INVALID`
   */
  query(type: string, query: RecordQuery): Promise<RecordPage>;
  /**
   * Creates the record, or replaces its data where `id` exists and the type allows it. A record that has this very data
   * already stays at its version. @param why for the history
   */
  put(type: string, id: string, data: JsonObject, why?: string): Promise<StoredRecord>;
  /** Moves the record along its life cycle, setting fields with it. Fails with `TRANSITION_FORBIDDEN` naming what is allowed. */
  transition(type: string, id: string, to: string, set: JsonObject, why?: string): Promise<StoredRecord>;
}

/** A plain value of a field. */
export type Scalar = Exclude<Json, JsonObject | readonly Json[]>;

/**
 * What one field must be; of several tests in one condition all must hold. A field is named with a dot for each level;
 * `$created` and `$updated` are the times of the record itself, and `$id` is its id. Records that are asked for by `$id` count as
 * read whether they are there or not: a run that then writes one which somebody else has made meanwhile runs again.
 */
export interface RecordCondition {
  readonly field: string;
  readonly equals?: Scalar;
  readonly in?: readonly Scalar[];
  /** Bounds: numbers are compared as numbers, exactly, texts by code point; a field of the other kind does not fit. */
  readonly atLeast?: Scalar;
  readonly above?: Scalar;
  readonly atMost?: Scalar;
  readonly below?: Scalar;
  /** Bounds in time, RFC 3339: moments are compared, however they are written; a field that holds none does not fit. */
  readonly since?: string;
  readonly after?: string;
  readonly until?: string;
  readonly before?: string;
}

export interface RecordQuery {
  readonly where?: readonly RecordCondition[];
  /** States of the type's life cycle. */
  readonly states?: readonly string[];
  /** `$id`, `$created`, `$updated`, or a field. */
  readonly orderBy?: string;
  readonly descending?: boolean;
  /** Records of a page at most. */
  readonly limit: number;
  /** `next` of the page before, with the same order. */
  readonly cursor?: string;
}

export interface RecordPage {
  readonly records: readonly StoredRecord[];
  /** Nothing on the last page. */
  readonly next?: string;
}

/** Many records at once, outside the run's commit. Only for nodes whose effect is `idempotent-write`. */
export interface RecordSets {
  /**
   * Makes the records of a type be what the items say, all in one transaction or not at all; the same key again changes
   * nothing and gives the same report. Items are not held in memory.
   * @throws {MillraceError} `SYNC_TOO_DIFFERENT`, `SYNC_INCOMPLETE`, `SYNC_INVALID`, `SYNC_ID_MISSING`, `SYNC_INTERRUPTED`,
   *   `SYNC_CONFLICT`, `RECORD_TYPE_UNKNOWN`, `TRANSITION_FORBIDDEN`; nothing was changed then
   */
  sync(items: AsyncIterable<SyncItem> | Iterable<SyncItem>, sync: RecordSync): Promise<SyncReport>;
  /**
   * The next number of a series, from `first` on, without gaps: a number belongs to the key that it was drawn for, and the
   * same key again gives the same number with the time of the first draw, whatever the series' period is by then.
   */
  nextNumber(series: NumberSeries, draw: { readonly key: string; readonly at: Date }): Promise<DrawnNumber>;
}

export interface DrawnNumber {
  readonly number: number;
  /** When it was drawn. */
  readonly at: Date;
}

/** What one item says of one record. */
export interface SyncItem {
  /** Id of the record, a text or number; anything else is none. */
  readonly id?: Json;
  /** What the record shall hold, an object. */
  readonly data?: Json;
  /** Why the item could not even be read. */
  readonly problem?: Pick<SyncProblem, 'code' | 'pointer' | 'message'>;
}

export interface NumberSeries {
  readonly name: string;
  /** The series begins anew with each: `2026`, `2026-11`, or empty. */
  readonly period: string;
  readonly first: number;
}

export interface RecordSync {
  readonly type: string;
  /** What becomes of records that are not among the items; left out, nobody looks for them. */
  readonly missing?: MissingRecords;
  /** Fields that an item does not bring stay as they are. A new record gets those of `initial` besides its item's. */
  readonly keepOthers?: { readonly initial: JsonObject };
  /** Fields that a record gets where its item creates or changes it; by themselves they are no change. */
  readonly onChange?: JsonObject;
  /** Stored records that do not fit are left alone: neither changed nor missing. */
  readonly onlyWhere?: readonly RecordCondition[];
  /** Items that do not fit are left out and reported, or let the whole sync fail. */
  readonly onInvalid: 'skip' | 'fail';
  /** How many items there must be. */
  readonly expectedCount?: number;
  /** How many items there must be at least. */
  readonly leastCount?: number;
  /** A greater share of the records that the items are about would change: the items are not believed. */
  readonly mostChangedPercent?: number;
  /**
   * Is given what is changed while it is being changed, reads all of it, and answers what the report tells under `changes`.
   * The records are locked meanwhile.
   */
  listChanges?(changes: AsyncIterable<SyncChange>): Promise<Json>;
  /** Equal on every repeat. */
  readonly key: string;
}

/** A record that was there before and is another now. Those that are new are not listed: their items are. */
export interface SyncChange {
  readonly id: string;
  /** Whether an item changed it, or that there was none. */
  readonly change: 'changed' | 'missing';
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** With neither state nor fields, missing records are only counted. */
export interface MissingRecords {
  /** State that they move to. */
  readonly to?: string;
  /** State to which a record in `to` moves when it is among the items again. */
  readonly back?: string;
  /** Fields that they get. */
  readonly set?: JsonObject;
  /** More than this share of the records missing: the items are not believed. */
  readonly mostPercent: number;
}

/** What a sync has done, in numbers of records. */
export interface SyncReport {
  /** Items that came. */
  readonly received: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Different from their items, and left alone because they do not fit `onlyWhere`. */
  readonly left: number;
  /** Not among the items, and not deactivated before; 0 where nobody looks for them. */
  readonly missing: number;
  /** Of the missing those that were; the life cycle forbids it for the others, or somebody changed them meanwhile. */
  readonly deactivated: number;
  readonly invalid: number;
  /** The first 100. `item` counts from 0. */
  readonly problems: readonly SyncProblem[];
  /** What `listChanges` answered. */
  readonly changes?: Json;
}

export interface SyncProblem {
  readonly item: number;
  readonly id?: string;
  readonly code: string;
  /** JSON Pointer into the record's data. */
  readonly pointer: string;
  readonly message: string;
}
