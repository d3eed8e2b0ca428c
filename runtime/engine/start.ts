import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { acceptRun } from '../postgres/runs/accept-run.ts';
import { findAbandoned } from '../postgres/runs/find-abandoned.ts';
import { requestCancel } from '../postgres/runs/request-cancel.ts';
import { storeSignal } from '../postgres/signals/store-signal.ts';
import { fireTimers } from '../postgres/timers/fire-timers.ts';
import { watchConnections } from '../triggers/watches.ts';
import { createBackground } from './background.ts';
import { createClock } from './clock.ts';
import { crashPoint } from './crash-points.ts';
import type { Engine, Foundation } from './engine.ts';
import { createHold } from './hold.ts';
import { repeat } from './repeat.ts';
import { createWorker } from './worker.ts';

const timerPauseMs = 250;
const sweepPauseMs = 2_000;
const drainMs = 10_000;
/** For work that does not heed its being given back. */
const lastPatienceMs = 2_000;
/** At most this many runs are taken by one pass of a sweep or timer. */
const batch = 500;

/** Starts this process's part of the engine: it takes runs, fires timers, sweeps, and watches connections. */
export async function startEngine(foundation: Foundation): Promise<Engine> {
  const { database, queue, bus, log, leaseMs } = foundation;
  const holder = randomUUID();
  const clock = createClock();
  const hold = createHold(foundation);
  const worker = createWorker(foundation, holder, hold, clock);
  const background = createBackground(log);

  clock.observe(await database.now());
  await queue.work((wakeUp) => {
    const woken = worker.wake(wakeUp);
    background.start(woken);
    return woken;
  });
  const timers = repeat('firing timers', timerPauseMs, fire, log);
  const sweep = repeat('the sweep', sweepPauseMs, takeOver, log);
  // A lease that was not extended in time is lost: here a failure is no reason to pause for longer.
  const leases = repeat('extending leases', leaseMs / 4, () => hold.extend(), log, leaseMs / 4);
  const watches = watchConnections(foundation, holder, signal);

  return { accept, signal, cancel, settle, stop };

  /** Due timers wake their runs. */
  async function fire(): Promise<void> {
    const woken = await database.asScanner(async (tx) => {
      const wakeUps = await fireTimers(tx, batch);
      await queue.wake(tx, wakeUps);
      return wakeUps;
    });
    if (woken.length > 0) crashPoint('timer.fired');
    for (const wakeUp of woken) background.start(worker.wake(wakeUp));
  }

  /** Runs whose worker has died are carried on here. */
  async function takeOver(): Promise<void> {
    const abandoned = await database.asScanner((tx) => findAbandoned(tx, batch));
    for (const wakeUp of abandoned) background.start(worker.wake(wakeUp));
  }

  async function accept(run: Parameters<Engine['accept']>[0]): ReturnType<Engine['accept']> {
    const { tenant, flowId } = run;
    const accepted = await database.asTenants([tenant], (tx) => acceptRun(tx, run, holder, leaseMs));
    crashPoint('intake.stored');
    if (accepted.duplicate) return accepted;
    const at = clock.now().toISOString();
    bus.publish({ kind: 'run', tenant, run: accepted.run, flowId, status: 'accepted', at });
    background.start(worker.begin({ run: accepted.run, tenant }));
    return accepted;
  }

  async function signal(incoming: Parameters<Engine['signal']>[0]): ReturnType<Engine['signal']> {
    const stored = await database.asTenants([incoming.tenant], async (tx) => {
      const result = await storeSignal(tx, incoming);
      await queue.wake(tx, result.wakeUp ? [result.wakeUp] : []);
      return result;
    });
    crashPoint('signal.stored');
    if (stored.wakeUp) background.start(worker.wake(stored.wakeUp));
    return stored;
  }

  async function cancel(tenant: string, run: string): Promise<boolean> {
    const asked = await database.asTenants([tenant], (tx) => requestCancel(tx, run));
    if (asked) background.start(worker.wake({ run, tenant }));
    return asked;
  }

  async function settle(): Promise<void> {
    do {
      await background.idle();
      await timers.now();
      await watches.look();
    } while (!background.isIdle);
  }

  async function stop(): Promise<void> {
    worker.stop();
    await Promise.all([timers.stop(), sweep.stop(), watches.stop(), queue.stop()]);
    await hold.drain(drainMs);
    await Promise.race([background.idle(), sleep(lastPatienceMs, undefined, { ref: false })]);
    await leases.stop();
  }
}
