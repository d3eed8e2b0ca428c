import type { Tx } from '../database.ts';
import { lockMailboxes } from '../signals/lock-mailboxes.ts';
import { type BurstWrites, owned } from './burst-writes.ts';
import { endRuns } from './end-runs.ts';
import { endSteps } from './end-steps.ts';
import { fence } from './fence.ts';
import { markOverdue } from './mark-overdue.ts';
import { openTimers } from './open-timers.ts';
import { openWaits } from './open-waits.ts';
import { park } from './park.ts';
import { raiseAlerts } from './raise-alerts.ts';
import { settleSignals } from './settle-signals.ts';
import { useTimers } from './use-timers.ts';
import { writeRecords } from './write-records.ts';
import { writeSteps } from './write-steps.ts';

/**
 * `stale`: somebody else holds the run, nothing was written. `continue`: go on, there is news or more to do. `cancel`:
 * go on, and end as cancelled.
 */
export type Committed = 'stale' | 'continue' | 'cancel' | 'parked' | 'ended';

/**
 * The one place where a run's progress becomes durable: what bursts have decided, done and written takes effect as a
 * whole or not at all. Locks are taken in the order mailbox → run → timer. A stale token writes nothing for its run.
 * @throws {MillraceError} `RECORD_CONFLICT` when a record changed since it was read (the burst is run again)
 * @throws {MillraceError} `WAIT_TAKEN` when another run already waits on the same channel and key
 */
export async function commitBursts(tx: Tx, bursts: readonly BurstWrites[]): Promise<Map<string, Committed>> {
  await lockMailboxes(tx, bursts.flatMap(mailboxes));
  const fenced = await fence(tx, bursts);
  const live = bursts.filter((burst) => fenced.has(burst.run));

  await writeSteps(tx, owned(live, 'steps'));
  await settleSignals(tx, owned(live, 'signals'));
  await endSteps(tx, owned(live, 'endedSteps'));
  await endRuns(tx, live.filter(isEnding));
  await useTimers(tx, live.flatMap(usedTimers));
  await markOverdue(tx, owned(live, 'overdueSteps'));
  await openTimers(tx, owned(live, 'timers'));
  await openWaits(tx, owned(live, 'waits'));
  await writeRecords(tx, owned(live, 'records'));
  await raiseAlerts(tx, owned(live, 'alerts'));
  const parked = await park(tx, live.filter(isParking));

  return new Map(bursts.map((burst) => [burst.run, outcomeOf(burst, fenced, parked)]));
}

function mailboxes({ tenant, environment, waits }: BurstWrites) {
  return waits.map(({ channel, key }) => ({ tenant, environment, channel, key }));
}

function usedTimers(burst: BurstWrites): readonly string[] {
  return burst.usedTimers;
}

function isEnding({ next }: BurstWrites): boolean {
  return typeof next === 'object';
}

function isParking({ next }: BurstWrites): boolean {
  return next === 'park';
}

function outcomeOf(burst: BurstWrites, fenced: ReadonlyMap<string, boolean>, parked: ReadonlySet<string>): Committed {
  const cancel = fenced.get(burst.run);
  if (cancel === undefined) return 'stale';
  if (isEnding(burst)) return 'ended';
  if (cancel) return 'cancel';
  return parked.has(burst.run) ? 'parked' : 'continue';
}
