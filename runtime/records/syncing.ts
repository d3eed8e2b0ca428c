import type { RecordSync } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import type { Tx } from '../postgres/database.ts';
import type { Attempt } from '../postgres/records/staging.ts';
import type { Validate } from './validate-list.ts';

/** Whose records are synchronised, and who asks. */
export interface SyncPlace {
  readonly tenant: string;
  readonly environment: string;
  readonly type: RecordType;
  /** Run and step, as they stand in the history. */
  readonly who: string;
  /** When: the time of moves along a life cycle that keeps it. */
  readonly now: Date;
}

/** One sync under way: what all its parts need. */
export interface Syncing {
  readonly place: SyncPlace;
  readonly sync: RecordSync;
  readonly attempt: Attempt;
  readonly validate: Validate;
  /** A short transaction of its own: none stays open while items are read or validated. */
  inTenant<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Items and records at once: so many that statements are few, so few that memory is bounded. */
export const batchOf = { items: 1000, bytes: 4_000_000 };
