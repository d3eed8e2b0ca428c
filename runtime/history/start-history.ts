import type { Foundation } from '../engine/engine.ts';
import { repeat } from '../engine/repeat.ts';
import { archiveOver } from './archive.ts';
import { asDuty } from './duty.ts';
import { forgetOld } from './forget.ts';
import type { HistorySettings } from './settings.ts';

/** Of looking whether something is due; how often it is, the duties say. */
const pauseMs = 10_000;
const archiveEveryMs = 30_000;
const forgetEveryMs = 3_600_000;

export interface History {
  /** Looks now whether something is due, and does it. */
  now(): Promise<void>;
  /** Ends after the present work. */
  stop(): Promise<void>;
}

/**
 * Keeps the live tables small and the history within its time, for all processes that share the database: what one has
 * done the others leave. Forgetting has its own repetition, so that runs are archived while a large store is swept.
 */
export function startHistory(
  { database, payloads, log }: Pick<Foundation, 'database' | 'payloads' | 'log'>,
  settings: HistorySettings,
): History {
  const archiving = repeat(
    'archiving runs',
    pauseMs,
    () =>
      asDuty(database, {
        name: 'archive',
        everyMs: archiveEveryMs,
        work: () => archiveOver(database, settings.archiveAfterMs),
      }),
    log,
  );
  const forgetting = repeat(
    'forgetting what is old',
    pauseMs,
    () =>
      asDuty(database, {
        name: 'forget',
        everyMs: forgetEveryMs,
        work: () => forgetOld(payloads, settings),
      }),
    log,
  );
  return {
    async now() {
      await Promise.all([archiving.now(), forgetting.now()]);
    },
    async stop() {
      await Promise.all([archiving.stop(), forgetting.stop()]);
    },
  };
}
