import { setTimeout as sleep } from 'node:timers/promises';
import { MillraceError, toErrorData } from '@millrace/contract';
import { hydrate, type MachineState, type RunState } from '@millrace/flow';
import { openTables } from '../code-tables/open-tables.ts';
import { openMappings } from '../mappings/open-mappings.ts';
import { blobsFor } from '../payloads/blobs.ts';
import { type LargeValues, largeValues } from '../payloads/large-values.ts';
import { isRefusedData } from '../postgres/database-error.ts';
import { giveBack } from '../postgres/runs/give-back.ts';
import { loadPasses, loadPassResults } from '../postgres/runs/load-passes.ts';
import { loadRevision } from '../postgres/runs/load-revision.ts';
import type { Lease, TakenRun } from '../postgres/runs/take-runs.ts';
import { Burst } from './burst.ts';
import type { Clock } from './clock.ts';
import type { Commits } from './commits.ts';
import type { Foundation } from './engine.ts';
import { evaluationFor } from './evaluation.ts';
import { type Hold, LeaseLost } from './hold.ts';
import { Loops, type StoredResults } from './loops.ts';
import { isOutage } from './outage.ts';
import { Owed } from './owed.ts';
import { createPlans } from './plans.ts';
import { openRecordReads } from './record-reads.ts';
import { createRecordTurns, isConflict } from './record-turns.ts';
import { redriven } from './redrive.ts';
import { loaded } from './stored-state.ts';
import { bufferStored, nothingStored } from './stored-writes.ts';
import type { InHand } from './taking.ts';

/** Those who want the same record do not come back together. */
const conflictPauseMs = 50;
const troublePauseMs = 1_000;
/** A run that this many workers have died with is not given to a further one. */
const mostTakeovers = 5;

/** Drives the runs that this process holds. */
export interface Worker {
  /** Until the run is parked, ended, or lost. Never rejects. `again`: it was given back and should be taken at once. */
  drive(taken: InHand): Promise<'rests' | 'again'>;
  /** No run is begun from now on: it is given back. */
  stop(): void;
}

export function createWorker(foundation: Foundation, lease: Lease, hold: Hold, commits: Commits, clock: Clock): Worker {
  const { database, bus, log } = foundation;
  const plans = createPlans(database, foundation.types);
  const tables = openTables(database);
  const mappings = openMappings(database);
  const reads = openRecordReads(database);
  const turns = createRecordTurns();
  let stopping = false;

  return {
    async drive(taken) {
      try {
        return await driveToRest(taken);
      } catch (error) {
        log.error(
          { err: error, run: taken.run.id },
          'a run broke off; its lease will run out and it will be run again',
        );
        return 'rests';
      }
    },
    stop: () => {
      stopping = true;
    },
  };

  async function driveToRest(taken: InHand): Promise<'rests' | 'again'> {
    const { run } = taken;
    try {
      if (stopping) await release(run);
      else if (run.takeovers >= mostTakeovers) await failRun(run, killsWorkers());
      else await driveBurst(taken);
    } catch (error) {
      return afterFailure(run, error);
    }
    return 'rests';
  }

  async function driveBurst(taken: InHand): Promise<void> {
    const { run } = taken;
    await hold.keep(run, async (hearing) => {
      clock.observe(run.now);
      const evaluation = evaluationFor(foundation.evaluator, run.tenant, (names) => tables.load(run, names));
      const plan = await plans.get(run.tenant, run.version);
      const stored = bufferStored(run, foundation, evaluation, reads.of(run, plan));
      const owner = { tenant: run.tenant, run: run.id };
      const blobs = blobsFor(foundation.payloads, owner);
      const values = largeValues(foundation.payloads, owner);
      const loops = new Loops(blobs, storedResults(run), values);
      const state = await stateOf(run, values);
      const turn = await turns.turnOf(run.id, commits);
      const tools = {
        foundation,
        evaluation,
        mappings,
        stored,
        loops,
        blobs,
        values,
        clock,
        commits: turn.commits,
        lease,
      };
      await new Burst(taken, plan, state, tools, hearing).drive().finally(turn.end);
    });
  }

  /** Where the run stands; nothing where it has not begun. */
  async function stateOf(run: TakenRun, values: LargeValues): Promise<RunState | undefined> {
    const { id, tenant, state, trigger, redrive } = run;
    if (!state) return undefined;
    const root = await loaded(hydrate(state, trigger), values);
    if (!hasPasses(root)) return redrive ? redriven(root) : root;
    const stored = await database.byIndex.asTenants([tenant], (tx) => loadPasses(tx, id));
    const passes: Record<string, MachineState> = {};
    for (const [key, machine] of Object.entries(stored)) passes[key] = await loaded(machine, values);
    return redrive ? redriven({ ...root, passes }) : { ...root, passes };
  }

  function storedResults({ id: run, tenant }: TakenRun): StoredResults {
    return {
      read: (step, from, limit) =>
        database.byIndex.asTenants([tenant], (tx) => loadPassResults(tx, { run, step, from, limit })),
    };
  }

  async function afterFailure(run: TakenRun, error: unknown): Promise<'rests' | 'again'> {
    if (error instanceof LeaseLost) return 'rests';
    if (isConflict(error)) return runAgain(run, conflictPauseMs);
    if (isOutage(error)) {
      log.warn({ err: error, run: run.id }, 'what keeps runs is away; the run goes on from its last commit');
      return runAgain(run, troublePauseMs);
    }
    if (error instanceof MillraceError) await failRun(run, error);
    else if (isRefusedData(error)) await failRun(run, notStorable(error));
    else throw error;
    return 'rests';
  }

  /** If the database is away, the run is found by its lease, which runs out. */
  async function runAgain(run: TakenRun, pauseMs: number): Promise<'again'> {
    await sleep(Math.random() * pauseMs);
    await release(run);
    return 'again';
  }

  async function release({ id, tenant, token }: TakenRun): Promise<void> {
    await database.byIndex.asTenants([tenant], (tx) => giveBack(tx, [{ run: id, token }]));
  }

  /**
   * The run cannot be gone on with: its version does not compile here or is gone, it kills whoever takes it, or its data
   * cannot be stored. It stays where its last commit left it.
   */
  async function failRun(run: TakenRun, error: MillraceError): Promise<void> {
    log.warn({ code: error.code, run: run.id }, `a run failed: ${error.message}`);
    const { id, tenant, environment, flowId, parent, token } = run;
    await commits.add({
      run: id,
      tenant,
      environment,
      flowId,
      parent,
      token,
      revision: await revisionOf(run),
      lease,
      wakeSeen: run.wake,
      next: { status: 'failed', error: toErrorData(error) },
      ...new Owed().writes(),
      ...nothingStored,
    });
    bus.publish({ kind: 'run', tenant, run: id, flowId, status: 'failed', at: clock.now().toISOString() });
  }

  /** The burst may have committed before it came to grief. */
  async function revisionOf({ id, tenant }: TakenRun): Promise<number> {
    return (await database.byIndex.asTenants([tenant], (tx) => loadRevision(tx, id))) ?? 0;
  }
}

function hasPasses({ context }: RunState): boolean {
  return Object.values(context.active).some(({ passes }) => passes !== undefined);
}

/** It would be refused again every time, so that the run can only fail. */
function notStorable(cause: unknown): MillraceError {
  return new MillraceError('DATA_NOT_STORABLE', 'The run has made data that PostgreSQL cannot store.', { cause });
}

function killsWorkers(): MillraceError {
  const message = `${mostTakeovers} processes have died while they worked on this run; it is not tried again.`;
  return new MillraceError('RUN_KILLS_WORKERS', message, { category: 'internal' });
}
