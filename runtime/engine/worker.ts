import { setTimeout as sleep } from 'node:timers/promises';
import { MillraceError, toErrorData } from '@millrace/contract';
import type { RunState } from '@millrace/flow';
import { commitBursts } from '../postgres/commit/commit-bursts.ts';
import type { WakeUp } from '../postgres/queue.ts';
import { giveBack } from '../postgres/runs/give-back.ts';
import { type TakenRun, takeAccepted, takeRun } from '../postgres/runs/take-run.ts';
import { Burst, LeaseLost } from './burst.ts';
import type { Clock } from './clock.ts';
import type { Foundation } from './engine.ts';
import { evaluationFor } from './evaluation.ts';
import { guardedFetch } from './guarded-fetch.ts';
import type { Hold } from './hold.ts';
import { Owed } from './owed.ts';
import { createPlans } from './plans.ts';
import { bufferRecords } from './records.ts';

/** Those who want the same record do not come back together. */
const conflictPauseMs = 50;

/** Takes runs and drives them. */
export interface Worker {
  /** Looks at a run that may have something to do; finding it held or finished is no error. */
  wake(wakeUp: WakeUp): Promise<void>;
  /** Drives the run that was just accepted under this process's lease. */
  begin(wakeUp: WakeUp): Promise<void>;
  /** No run is begun from now on; one that is just being taken is given back. */
  stop(): void;
}

export function createWorker(foundation: Foundation, holder: string, hold: Hold, clock: Clock): Worker {
  const { database, bus, log, leaseMs } = foundation;
  const plans = createPlans(database, foundation.types);
  const fetch = guardedFetch(foundation.privateAddresses);

  let stopping = false;

  return {
    wake,
    begin,
    stop: () => {
      stopping = true;
    },
  };

  async function wake({ run, tenant }: WakeUp): Promise<void> {
    if (stopping) return;
    const taken = await database.asTenants([tenant], (tx) => takeRun(tx, run, holder, leaseMs));
    if (taken) await drive(taken);
  }

  async function begin({ run, tenant }: WakeUp): Promise<void> {
    const taken = await database.asTenants([tenant], (tx) => takeAccepted(tx, run, holder));
    if (taken) await drive(taken);
  }

  /** Until the run is parked or ended. */
  async function drive(run: TakenRun): Promise<void> {
    if (stopping) return release(run);
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
    if (error instanceof MillraceError && error.code === 'RECORD_CONFLICT') return runAgain(run);
    if (error instanceof MillraceError) return failRun(run, error);
    if (isRefusedData(error)) return failRun(run, notStorable(error));
    log.error({ err: error, run: run.id }, 'a burst broke off; its lease will run out and it will be run again');
  }

  async function release({ id, tenant, token }: TakenRun): Promise<void> {
    await database.asTenants([tenant], (tx) => giveBack(tx, [{ run: id, token }]));
  }

  /** Others have changed a record that the burst had read: nothing of it was written, it is run again. */
  async function runAgain(run: TakenRun): Promise<void> {
    await release(run);
    await sleep(Math.random() * conflictPauseMs);
    await wake({ run: run.id, tenant: run.tenant });
  }

  /** The run cannot even be begun: its version does not compile here, or is gone. */
  async function failRun(run: TakenRun, error: MillraceError): Promise<void> {
    log.warn({ code: error.code, run: run.id }, `a run failed: ${error.message}`);
    const { id, tenant, environment, flowId, token } = run;
    const writes = {
      run: id,
      tenant,
      environment,
      flowId,
      token,
      leaseMs,
      wakeSeen: run.wake,
      state: run.state as RunState,
      next: { status: 'failed', error: toErrorData(error) } as const,
      records: [],
      ...new Owed().writes(),
    };
    await database.asTenants([tenant], (tx) => commitBursts(tx, [writes]));
    bus.publish({ kind: 'run', tenant, run: id, flowId, status: 'failed', at: clock.now().toISOString() });
  }
}

/** PostgreSQL's classes for data that it cannot take (22), that breaks a rule (23), or that is too large (54). */
function isRefusedData(error: unknown): boolean {
  return error instanceof RangeError || /^(22|23|54)/.test(String((error as { code?: unknown }).code));
}

/** It would be refused again every time, so that the run can only fail. */
function notStorable(cause: unknown): MillraceError {
  return new MillraceError('DATA_NOT_STORABLE', 'The run has made data that PostgreSQL cannot store.', { cause });
}
