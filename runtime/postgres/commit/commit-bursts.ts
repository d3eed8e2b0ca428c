import type { Tx } from '../database.ts';
import { type Inbox, loadInboxes } from '../runs/load-inboxes.ts';
import { requestCancel } from '../runs/request-cancel.ts';
import type { WakeUp } from '../runs/wake-up.ts';
import { lockMailboxes, type Mailbox } from '../signals/lock-mailboxes.ts';
import { together } from '../together.ts';
import { type BurstWrites, owned } from './burst-writes.ts';
import { bury } from './bury.ts';
import { closeAlerts } from './close-alerts.ts';
import { endRuns } from './end-runs.ts';
import { endSteps } from './end-steps.ts';
import { type Fenced, fence } from './fence.ts';
import { markOverdue } from './mark-overdue.ts';
import { openTimers } from './open-timers.ts';
import { openWaits } from './open-waits.ts';
import { raiseAlerts } from './raise-alerts.ts';
import { settleSignals } from './settle-signals.ts';
import { startRuns } from './start-runs.ts';
import { storeAnswers } from './store-answers.ts';
import { takeBack } from './take-back.ts';
import { endMailbox, tellParents } from './tell-parents.ts';
import { useTimers } from './use-timers.ts';
import { closePasses, dropPassResults, writePasses, writePassResults } from './write-passes.ts';
import { writeRecords } from './write-records.ts';
import { writeSteps } from './write-steps.ts';

/**
 * `stale`: somebody else holds the run, nothing was written. `continue`: go on, there is news or more to do. `cancel`:
 * go on, and end as cancelled.
 */
export type Outcome = 'stale' | 'continue' | 'cancel' | 'parked' | 'ended';

export interface Committed {
  readonly outcome: Outcome;
  /** What has come for a run that wanted to park and therefore goes on. */
  readonly inbox?: Inbox;
  /** What the run answers to the request that started it is what this burst has answered. */
  readonly answers?: true;
}

export interface CommittedBursts {
  readonly committed: ReadonlyMap<string, Committed>;
  /** Other runs that these have started or woken. */
  readonly ready: readonly WakeUp[];
}

/**
 * The one place where a run's progress becomes durable: what bursts have decided, done and written takes effect as a
 * whole or not at all. Locks are taken in the order mailbox → run → timer, and each kind in the order of its ids. A stale
 * token writes nothing for its run.
 * @param bursts of different runs
 * @throws {MillraceError} `RECORD_CONFLICT` when a record changed since it was read (the burst is run again)
 * @throws {MillraceError} `WAIT_TAKEN` when another run already waits on the same channel and key
 */
export async function commitBursts(tx: Tx, bursts: readonly BurstWrites[]): Promise<CommittedBursts> {
  const [, fenced] = await together([lockMailboxes(tx, bursts.flatMap(mailboxesOf)), fence(tx, bursts)]);
  const live = bursts.filter((burst) => fenced.has(burst.run));
  // What a run that ends has just asked for is not opened any more.
  const goingOn = live.filter((burst) => !isEnding(burst));
  // A called run that is set going again takes back what it told of its end, before a wait for the new one is opened.
  const started = await startRuns(tx, live.flatMap(startedRuns), (bursts[0] as BurstWrites).lease);

  // In this order: what has been done and used, what ends by it, what begins.
  const written = await together([
    storeAnswers(tx, live.flatMap(answerRows)),
    writeRecords(tx, owned(live, 'records')),
    writeSteps(tx, owned(live, 'steps')),
    settleSignals(tx, owned(live, 'signals')),
    useTimers(tx, live.flatMap(usedTimers)),
    markOverdue(tx, owned(live, 'overdueSteps')),
    dropPassResults(tx, owned(live, 'endedLoops')),
    writePassResults(tx, owned(live, 'passResults')),
    closeAlerts(tx, owned(live, 'closedAlerts')),
    raiseAlerts(tx, owned(live, 'alerts')),
    bury(tx, live),
    endSteps(tx, owned(live, 'endedSteps')),
    closePasses(tx, owned(live, 'closedPasses')),
    endRuns(tx, live.filter(isEnding)),
    writePasses(tx, owned(live, 'passes')),
    openTimers(tx, owned(goingOn, 'timers')),
    openWaits(tx, owned(goingOn, 'waits')),
  ]);
  const [answers, heard] = [written[0], written.at(-1) as ReadonlySet<string>];
  const goesOn = ({ run }: BurstWrites) => !fenced.get(run)?.parked || heard.has(run);
  const unparked = live.filter((burst) => burst.next === 'park' && goesOn(burst));
  const [, inboxes] = await together([takeBack(tx, unparked), loadInboxes(tx, unparked.map(runOf))]);

  // A run is asked to end with what it called, but may have called another since then.
  const cancelled = await requestCancel(tx, live.filter(isCancelled).map(runOf));
  const told = await tellParents(tx, live);
  const committed = bursts.map((burst): readonly [string, Committed] => {
    const { run } = burst;
    const inbox = inboxes.get(run);
    const outcome = outcomeOf(burst, fenced.get(run), goesOn(burst));
    return [run, { outcome, ...(inbox && { inbox }), ...(answers.has(run) && { answers: true }) }];
  });
  return { committed: new Map(committed), ready: [...started, ...cancelled, ...told] };
}

/** What it opens a wait on, or sends a signal to. */
export function mailboxesOf(burst: BurstWrites): Mailbox[] {
  const { tenant, environment, waits } = burst;
  const ends = burst.parent !== null && isEnding(burst) ? [endMailbox(burst)] : [];
  return [...waits.map(({ channel, key }) => ({ tenant, environment, channel, key })), ...ends];
}

function runOf({ run }: BurstWrites): string {
  return run;
}

function answerRows({ run, tenant, answer }: BurstWrites) {
  return answer ? [{ ...answer, run, tenant }] : [];
}

/** What a cancelled run has called and would have waited for is not begun any more. */
function startedRuns(burst: BurstWrites) {
  return isCancelled(burst) ? burst.startedRuns.filter(({ parent }) => parent === undefined) : burst.startedRuns;
}

function usedTimers(burst: BurstWrites): readonly string[] {
  return burst.usedTimers;
}

function isCancelled({ next }: BurstWrites): boolean {
  return typeof next === 'object' && next.status === 'cancelled';
}

function isEnding({ next }: BurstWrites): boolean {
  return typeof next === 'object';
}

function outcomeOf(burst: BurstWrites, fenced: Fenced | undefined, goesOn: boolean): Outcome {
  if (!fenced) return 'stale';
  if (isEnding(burst)) return 'ended';
  if (fenced.cancel) return 'cancel';
  return goesOn ? 'continue' : 'parked';
}
