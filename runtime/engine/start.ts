import { randomUUID } from 'node:crypto';
import { MillraceError, toErrorData } from '@millrace/contract';
import type { RunState } from '@millrace/flow';
import type { WakeUp } from '../postgres/queue.ts';
import { acceptRun } from '../postgres/runs/accept-run.ts';
import { commitBursts } from '../postgres/runs/commit-bursts.ts';
import { findAbandoned } from '../postgres/runs/find-abandoned.ts';
import { giveBack } from '../postgres/runs/give-back.ts';
import { requestCancel } from '../postgres/runs/request-cancel.ts';
import { type TakenRun, takeAccepted, takeRun } from '../postgres/runs/take-run.ts';
import { storeSignal } from '../postgres/signals/store-signal.ts';
import { fireTimers } from '../postgres/timers/fire-timers.ts';
import { watchConnections } from '../triggers/watches.ts';
import { Burst, LeaseLost } from './burst.ts';
import { createClock } from './clock.ts';
import { crashPoint } from './crash-points.ts';
import type { Engine, Foundation } from './engine.ts';
import { evaluationFor } from './evaluation.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { createHold } from './hold.ts';
import { Owed } from './owed.ts';
import { createPlans } from './plans.ts';
import { bufferRecords } from './records.ts';
import { repeat } from './repeat.ts';

const timerPauseMs = 250;
const sweepPauseMs = 2_000;
const drainMs = 10_000;
/** At most this many runs are taken by one pass of a sweep or timer. */
const batch = 500;

/** Starts this process's part of the engine: it takes runs, fires timers, sweeps, and watches connections. */
export async function startEngine(foundation: Foundation): Promise<Engine> {
  const { database, queue, bus, log, leaseMs } = foundation;
  const holder = randomUUID();
  const plans = createPlans(database, foundation.types);
  const hold = createHold(foundation);
  const clock = createClock();
  const fetch = guardedFetch(foundation.privateAddresses);
  let stopping = false;

  clock.observe(await database.now());

  /** Drives a taken run until it is parked or ended; a burst whose records were changed by others is run again. */
  async function drive(run: TakenRun): Promise<void> {
    try {
      await hold.keep(run, async (abort) => {
        clock.observe(run.now);
        const evaluation = evaluationFor(foundation.evaluator, run.tenant);
        const records = bufferRecords(run, database, evaluation);
        const plan = await plans.get(run.tenant, run.version);
        await new Burst(run, plan, { foundation, evaluation, records, clock, fetch }, abort).drive();
      });
    } catch (error) {
      await afterFailure(run, error);
    }
  }

  async function afterFailure(run: TakenRun, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) return;
    if (error instanceof MillraceError && error.code === 'RECORD_CONFLICT') {
      await database.asTenants([run.tenant], (tx) => giveBack(tx, [{ run: run.id, token: run.token }]));
      return wake({ run: run.id, tenant: run.tenant });
    }
    if (error instanceof MillraceError) return failRun(run, error);
    log.error({ err: error, run: run.id }, 'a burst broke off; its lease will run out and it will be run again');
  }

  /** The run cannot even be begun: its version does not compile here, or is gone. */
  async function failRun(run: TakenRun, error: MillraceError): Promise<void> {
    log.warn({ err: error, run: run.id }, 'run failed');
    await database.asTenants([run.tenant], (tx) =>
      commitBursts(tx, [
        {
          run: run.id,
          tenant: run.tenant,
          environment: run.environment,
          flowId: run.flowId,
          token: run.token,
          wakeSeen: run.wake,
          state: run.state as RunState,
          next: { status: 'failed', error: toErrorData(error) },
          leaseMs,
          records: [],
          ...new Owed().writes(),
        },
      ]),
    );
    bus.publish({
      kind: 'run',
      tenant: run.tenant,
      run: run.id,
      flowId: run.flowId,
      status: 'failed',
      at: clock.now().toISOString(),
    });
  }

  /** Looks at a run that may have something to do; finding it held or finished is no error. */
  async function wake({ run, tenant }: WakeUp): Promise<void> {
    if (stopping) return;
    const taken = await database.asTenants([tenant], (tx) => takeRun(tx, run, holder, leaseMs));
    if (taken) await drive(taken);
  }

  const inBackground = new Set<Promise<void>>();

  /** Work that goes on by itself; what goes wrong in it is logged, and the sweep finds what it leaves. */
  function background(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => log.warn({ err: error }, 'waking a run failed; the sweep will find it'))
      .finally(() => inBackground.delete(watched));
    inBackground.add(watched);
  }

  async function startAccepted(run: string, tenant: string): Promise<void> {
    const taken = await database.asTenants([tenant], (tx) => takeAccepted(tx, run, holder));
    if (taken) await drive(taken);
  }

  async function signal(incoming: Parameters<Engine['signal']>[0]): ReturnType<Engine['signal']> {
    const stored = await database.asTenants([incoming.tenant], async (tx) => {
      const result = await storeSignal(tx, incoming);
      await queue.wake(tx, result.wakeUp ? [result.wakeUp] : []);
      return result;
    });
    crashPoint('signal.stored');
    if (stored.wakeUp) background(wake(stored.wakeUp));
    return stored;
  }

  const timers = repeat(
    'firing timers',
    timerPauseMs,
    async () => {
      const woken = await database.asScanner(async (tx) => {
        const wakeUps = await fireTimers(tx, batch);
        await queue.wake(tx, wakeUps);
        return wakeUps;
      });
      if (woken.length > 0) crashPoint('timer.fired');
      for (const wakeUp of woken) background(wake(wakeUp));
    },
    log,
  );
  const sweep = repeat(
    'the sweep',
    sweepPauseMs,
    async () => {
      const abandoned = await database.asScanner((tx) => findAbandoned(tx, batch));
      for (const wakeUp of abandoned) background(wake(wakeUp));
    },
    log,
  );
  const leases = repeat('extending leases', leaseMs / 3, () => hold.extend(), log);
  const watches = watchConnections(foundation, holder, signal);
  await queue.work((wakeUp) => {
    const woken = wake(wakeUp);
    background(woken);
    return woken;
  });

  return {
    async accept(run) {
      const accepted = await database.asTenants([run.tenant], (tx) => acceptRun(tx, run, holder, leaseMs));
      crashPoint('intake.stored');
      if (accepted.duplicate) return accepted;
      bus.publish({
        kind: 'run',
        tenant: run.tenant,
        run: accepted.run,
        flowId: run.flowId,
        status: 'accepted',
        at: clock.now().toISOString(),
      });
      background(startAccepted(accepted.run, run.tenant));
      return accepted;
    },
    signal,
    async cancel(tenant, run) {
      const asked = await database.asTenants([tenant], (tx) => requestCancel(tx, run));
      if (asked) background(wake({ run, tenant }));
      return asked;
    },
    async settle() {
      do {
        await Promise.all(inBackground);
        await timers.now();
        await watches.look();
      } while (inBackground.size > 0);
    },
    async stop() {
      stopping = true;
      await Promise.all([timers.stop(), sweep.stop(), watches.stop(), queue.stop()]);
      await hold.drain(drainMs);
      await leases.stop();
    },
  };
}
