import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { blobsFor } from '../payloads/blobs.ts';
import { theInstance } from '../postgres/audit/author.ts';
import type { Tx } from '../postgres/database.ts';
import { pauseFlow, resumeFlow } from '../postgres/flows/pause.ts';
import type { NewRun } from '../postgres/runs/accept-runs.ts';
import { claimReady, isSuspect, tenantsWaiting } from '../postgres/runs/claim-ready.ts';
import { releaseOrphans } from '../postgres/runs/release-orphans.ts';
import type { Lease } from '../postgres/runs/take-runs.ts';
import type { WakeUp } from '../postgres/runs/wake-up.ts';
import { matchSignal } from '../postgres/signals/match-signal.ts';
import { fireTimers } from '../postgres/timers/fire-timers.ts';
import { cancelRun, redriveFailed } from '../runs/asked-for.ts';
import { prepareReplay, type ReplayRequest } from '../runs/replay-run.ts';
import { createAccepting } from '../triggers/accepting.ts';
import { startTriggers } from '../triggers/start-triggers.ts';
import { watchConnections, watchNothing } from '../triggers/watches.ts';
import { createAdmission } from './admission.ts';
import { createBackground } from './background.ts';
import { createClock } from './clock.ts';
import { createCommits } from './commits.ts';
import { crashPoint } from './crash-points.ts';
import type { Engine, Foundation, Role, TenantFlow } from './engine.ts';
import { createHold } from './hold.ts';
import { createIncoming } from './incoming.ts';
import { createKeysInUse } from './keys-in-use.ts';
import type { Notice } from './neighbours.ts';
import { followPauses } from './pauses.ts';
import { repeat } from './repeat.ts';
import { createTaking, type Hands, type InHand, type Left, tenantsOf } from './taking.ts';
import { createWorker } from './worker.ts';

const timerPauseMs = 250;
const lookPauseMs = 500;
const sweepPauseMs = 1_000;
const drainMs = 10_000;
/** For work that does not heed its being given back. */
const lastPatienceMs = 2_000;
/** At most this many timers fire at once. */
const firedAtOnce = 200;
const sweptAtOnce = 1_000;

/** Starts this process's part of the engine: it takes runs, fires timers, looks for what is ready, and watches connections. */
export async function startEngine(foundation: Foundation): Promise<Engine> {
  const { database, bus, metrics, log, leaseMs, self, notices } = foundation;
  const has = (role: Role) => self.roles.includes(role);
  const lease: Lease = { holder: self.id, ms: leaseMs };
  const clock = createClock();
  const hold = createHold(foundation);
  const inUse = createKeysInUse();
  const commits = createCommits(database, metrics, inUse, takeSoon);
  const worker = createWorker(foundation, lease, hold, commits, clock);
  const background = createBackground(log);
  const admission = createAdmission(has('worker') ? foundation.places : 0);
  metrics.watchPlaces(() => ({ used: foundation.places - admission.free, total: foundation.places }));
  const taking = createTaking(database, lease, admission, start, leave);

  clock.observe(await database.now());
  const timers = repeat('firing timers', timerPauseMs, has('timer') ? fire : idle, log);
  const look = repeat('looking for runs', lookPauseMs, has('worker') ? takeReady : idle, log);
  const sweeps = repeat('sweeping', sweepPauseMs, has('worker') ? sweep : idle, log);
  const pauses = repeat('holding back paused flows', sweepPauseMs, has('worker') ? keepPauses : idle, log);
  notices.onNotice(hear);
  // A lease that was not extended in time is lost: here a failure is no reason to pause for longer.
  const leases = repeat('extending leases', leaseMs / 4, () => hold.extend(), log, leaseMs / 4);
  let looksSoon = false;
  let isStopping = false;
  /** Runs that were begun here so far. */
  let begun = 0;
  /** Runs in hand that may have ended workers before. */
  let suspects = 0;
  const accepting = createAccepting(taking, lease, tellAccepted);
  const { accept, signal } = createIncoming(taking, accepting, inUse);
  const triggers = startTriggers(foundation, {
    accepting,
    holder: lease.holder,
    blobs: { of: (tenant) => blobsFor(foundation.payloads, { tenant }) },
  });
  const watches = has('watcher') ? watchConnections(foundation, lease.holder, signal) : watchNothing;

  return { accept, signal, match, cancel, redrive, replay, pause, resume, settle, stop };

  function start(taken: InHand): void {
    begun++;
    background.start(drive(taken));
  }

  async function drive(taken: InHand): Promise<void> {
    const { id: run, tenant } = taken.run;
    const began = performance.now();
    if (isSuspect(taken.run)) suspects++;
    const outcome = await worker.drive(taken);
    if (isSuspect(taken.run)) suspects--;
    metrics.burst((performance.now() - began) / 1000);
    admission.release(tenant);
    if (outcome === 'again') await take([{ run, tenant }]);
    if (admission.isBehind || isSuspect(taken.run)) await lookSoon();
  }

  /** A run that is ready and is not taken here: another process may have room for it, or holds it and wants to know. */
  function leave({ run }: WakeUp, why: Left): void {
    if (why === 'full') notices.tell({ kind: 'ready' });
    else if (!hold.tell(run)) notices.tell({ kind: 'woken', run });
  }

  function hear(notice: Notice): void {
    if (notice.kind === 'ready' && has('worker')) background.start(lookSoon());
    if (notice.kind === 'woken') hold.tell(notice.run);
  }

  /** However many runs end at once, one look is enough. */
  async function lookSoon(): Promise<void> {
    if (looksSoon) return;
    looksSoon = true;
    await setImmediate();
    looksSoon = false;
    await look.now();
  }

  function takeSoon(ready: readonly WakeUp[]): void {
    background.start(take(ready));
  }

  function take(ready: readonly WakeUp[]): Promise<void> {
    return taking.transaction(tenantsOf(ready), (_tx, hands) => hands.take(ready));
  }

  /** Due timers make their runs ready. */
  async function fire(): Promise<void> {
    const woken = await database.byIndex.asScanner((tx) => fireTimers(tx, firedAtOnce));
    if (woken.length === 0) return;
    for (const { lag } of woken) metrics.timerFired(lag);
    crashPoint('timer.fired');
    await take(woken);
  }

  /** Runs that are ready and held by nobody: they found no place, or their worker has died. */
  async function takeReady(): Promise<void> {
    if (admission.free === 0) return;
    const { claimed, waiting } = await database.byIndex.asScanner(async (tx) => ({
      claimed: await claimReady(tx, admission.room(), lease, suspects === 0),
      waiting: admission.isBehind ? await tenantsWaiting(tx) : [],
    }));
    admission.caughtUp(new Set(waiting));
    if (claimed.length > 0) await taking.claimed(claimed);
  }

  /** What the dead have left. */
  async function sweep(): Promise<void> {
    const again = await database.byIndex.asScanner((tx) => releaseOrphans(tx, sweptAtOnce));
    if (again > 0) await lookSoon();
  }

  async function keepPauses(): Promise<void> {
    if ((await followPauses(database, () => isStopping)) === 0) return;
    notices.tell({ kind: 'ready' });
    await lookSoon();
  }

  function tellAccepted({ tenant, flowId }: Pick<NewRun, 'tenant' | 'flowId'>, run: string): void {
    metrics.runAccepted();
    bus.publish({ kind: 'run', tenant, run, flowId, status: 'accepted', at: clock.now().toISOString() });
  }

  async function match(tenant: string, id: string, wait: string, author = theInstance): Promise<string> {
    const matching = async (tx: Tx, hands: Hands) => {
      const woken = await matchSignal(tx, tenant, id, wait);
      await hands.rouse([woken]);
      return woken.run;
    };
    return taking.transaction([tenant], matching, author);
  }

  async function cancel(tenant: string, run: string, author = theInstance): Promise<boolean> {
    const cancelling = async (tx: Tx, hands: Hands) => {
      const asked = await cancelRun(tx, tenant, run);
      await hands.take(asked);
      return asked.length > 0;
    };
    return taking.transaction([tenant], cancelling, author);
  }

  async function redrive(tenant: string, ids: readonly string[], by: string, author = theInstance): Promise<number> {
    const redriving = async (tx: Tx, hands: Hands) => {
      const ready = await redriveFailed(tx, tenant, ids, by);
      await hands.take(ready);
      return ready.length;
    };
    return taking.transaction([tenant], redriving, author);
  }

  async function replay(request: ReplayRequest, author = theInstance): Promise<string> {
    const { tenant } = request;
    const { flowId, store } = await prepareReplay(foundation, request);
    const replaying = async (tx: Tx, hands: Hands) => {
      const ready = await store(tx);
      await hands.take([ready]);
      return ready;
    };
    const { run } = await taking.transaction([tenant], replaying, author);
    tellAccepted({ tenant, flowId }, run);
    return run;
  }

  async function pause(flow: TenantFlow, author = theInstance): Promise<boolean> {
    const paused = await database.by(author).asTenants([flow.tenant], (tx) => pauseFlow(tx, flow));
    background.start(keepPauses());
    return paused;
  }

  async function resume(flow: TenantFlow, author = theInstance): Promise<boolean> {
    const resumed = await database.by(author).asTenants([flow.tenant], (tx) => resumeFlow(tx, flow));
    notices.tell({ kind: 'ready' });
    background.start(lookSoon());
    background.start(keepPauses());
    return resumed;
  }

  async function settle(): Promise<void> {
    let before: number;
    do {
      before = begun;
      await background.idle();
      await timers.now();
      await sweeps.now();
      await pauses.now();
      await look.now();
      await triggers.look();
      await watches.look();
    } while (!background.isIdle || begun > before);
  }

  async function stop(): Promise<void> {
    isStopping = true;
    worker.stop();
    await Promise.all([timers.stop(), look.stop(), sweeps.stop(), pauses.stop(), triggers.stop(), watches.stop()]);
    await hold.drain(drainMs);
    await Promise.race([background.idle(), sleep(lastPatienceMs, undefined, { ref: false })]);
    await leases.stop();
  }
}

async function idle(): Promise<void> {}
