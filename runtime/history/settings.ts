import type { RetentionClass } from '../postgres/history/retention.ts';

/** How long what is remembered, in milliseconds. */
export interface HistorySettings {
  /** From a run's end until it leaves the live tables. */
  readonly archiveAfterMs: number;
  /** From a run's end until it is forgotten; at least a day. */
  readonly keepMs: Readonly<Record<RetentionClass, number>>;
  /** Of an event's id, so that the same event again is the same run; at least a day. */
  readonly keepEventsMs: number;
  /** Of signals that no run has taken; at least a day. */
  readonly keepSignalsMs: number;
}
