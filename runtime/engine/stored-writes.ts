import type { Effect, NodeContext } from '@millrace/contract';
import type { BurstWrites } from '../postgres/commit/burst-writes.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import type { Foundation } from './engine.ts';
import type { Evaluation } from './evaluation.ts';
import { bufferAlerts } from './raised-alerts.ts';
import type { RunReads } from './record-reads.ts';
import { bufferRecords } from './records.ts';
import { bufferRuns, type StartingStep } from './started-runs.ts';

type Stored = Pick<BurstWrites, 'records' | 'startedRuns' | 'answer' | 'alerts' | 'closedAlerts'>;

/** What a burst's steps store in the database itself: records, runs that they start, alerts. Kept back for the commit. */
export interface StoredWrites {
  /** As much of it as a step with this effect may use. */
  as(step: StartingStep, effect: Effect): Pick<NodeContext, 'records' | 'recordSets' | 'runs' | 'alerts'>;
  pending(): Stored;
  /** Somebody waits for records that the database has. */
  readonly isReading: boolean;
  /** Characters of what is pending, roughly; what was taken back counts until the commit. */
  readonly size: number;
  /** Takes back what a step has stored that then did not succeed. */
  discard(step: string): void;
  /** Forgets what was read and stored: it has been committed, or is given up. */
  clear(): void;
}

export const nothingStored: Stored = { records: [], startedRuns: [], alerts: [], closedAlerts: [] };

export function bufferStored(
  run: TakenRun,
  foundation: Foundation,
  evaluation: Evaluation,
  reads: RunReads,
): StoredWrites {
  const records = bufferRecords(run, foundation.database, evaluation, reads);
  const runs = bufferRuns(run, foundation);
  const alerts = bufferAlerts(run);
  const all = [records, runs, alerts];

  return {
    as: (step, effect) => ({
      records: effect === 'stored' ? records.as(step.key, step.now) : records.readonly,
      recordSets: effect === 'idempotent-write' ? records.sets(step.key, step.now) : records.noSets,
      runs: effect === 'stored' ? runs.as(step) : runs.refusing,
      alerts: effect === 'stored' ? alerts.as(step.key) : alerts.refusing,
    }),
    pending: () => ({
      records: records.pending(),
      startedRuns: runs.pending(),
      answer: runs.answer(),
      alerts: alerts.raised(),
      closedAlerts: alerts.closed(),
    }),
    get isReading() {
      return records.isReading;
    },
    get size() {
      return records.size + runs.size;
    },
    discard: (step) => {
      for (const one of all) one.discard(step);
    },
    clear: () => {
      for (const one of all) one.clear();
    },
  };
}
