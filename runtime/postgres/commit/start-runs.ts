import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { acceptRuns, type NewRun } from '../runs/accept-runs.ts';
import { redriveRuns } from '../runs/redrive-runs.ts';
import type { Lease } from '../runs/take-runs.ts';
import type { WakeUp } from '../runs/wake-up.ts';
import { tellEndsAgain } from './tell-parents.ts';

/** A run that a step starts; its id says which step, so that the same step starts it only once. */
export interface StartedRun extends NewRun {
  readonly id: string;
  readonly origin: string;
}

/**
 * Stores the runs that steps have started. One that exists already was started by the same step before it was redriven:
 * if it had failed, it goes on too; if it has ended otherwise, its end is told again. Answers those that are ready.
 */
export async function startRuns(tx: Tx, runs: readonly StartedRun[], lease: Lease): Promise<WakeUp[]> {
  if (runs.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select id from millrace.run where id = any(${runs.map(({ id }) => id)}::uuid[])`.execute(tx);
  const known = new Set(rows.map(({ id }) => id));
  const entries = runs.filter(({ id }) => !known.has(id)).map((run) => ({ run, leased: false }));
  const entered = entries.length > 0 ? await acceptRuns(tx, entries, lease) : [];
  const started = entered.map(({ run }, index) => ({
    run,
    tenant: (entries[index] as (typeof entries)[number]).run.tenant,
  }));
  const again = await redriveRuns(tx, [...known], 'the run that called it');
  await tellEndsAgain(tx, [...known]);
  return [...started, ...again];
}
