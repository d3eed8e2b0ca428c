import { type Json, MillraceError } from '@millrace/contract';
import { dehydrate, type Past, type Plan, type Replay, stateAt, withInput } from '@millrace/flow';
import type { Foundation } from '../engine/engine.ts';
import { createPlans } from '../engine/plans.ts';
import { offloaded, offloadIfLarge } from '../engine/stored-state.ts';
import { type LargeValues, largeValues } from '../payloads/large-values.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { StepRow } from '../postgres/commit/burst-writes.ts';
import { writeSteps } from '../postgres/commit/write-steps.ts';
import type { Tx } from '../postgres/database.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import { claimPayloads } from '../postgres/payloads/claim-payloads.ts';
import { loadSteps, type StoredStep } from '../postgres/queries/load-steps.ts';
import { loadWaits, type StoredWait } from '../postgres/queries/load-waits.ts';
import { newId } from '../postgres/runs/ids.ts';
import {
  insertReplay,
  loadReplayedRun,
  nextGeneration,
  type ReplayedRun,
  type Serving,
} from '../postgres/runs/replay-runs.ts';
import type { WakeUp } from '../postgres/runs/wake-up.ts';
import { endsOf, toldSteps } from './replay-history.ts';

export interface ReplayRequest {
  readonly tenant: string;
  /** The run that is replayed. */
  readonly run: string;
  /** Key of the step to begin with. */
  readonly from: string;
  /** In place of what the step got. With it, receivers take the run's writes for new ones. */
  readonly input?: Json;
  /** The version that the run has run on, or the one that serves where it ran. */
  readonly version?: 'own' | 'deployed';
  /** Who asks for it, for people. */
  readonly by: string;
}

/** A replay that can be stored; the run is then ready to be taken. */
export interface PreparedReplay {
  readonly flowId: string;
  /** @throws {MillraceError} `RUN_NOT_ENDED` where the replayed run has been set going again in the meantime */
  store(tx: Tx): Promise<WakeUp>;
}

type Services = Pick<Foundation, 'database' | 'types' | 'payloads'>;

/** What is stored of the run that is replayed. */
interface Stored {
  readonly run: ReplayedRun;
  /** What the new run runs on, where that is another version. */
  readonly on?: Serving;
  readonly steps: readonly StoredStep[];
  readonly waits: readonly StoredWait[];
}

/**
 * Makes a new run that begins at a step of one that has ended, of the same version or of the one that serves now. It uses the old one's idempotency keys,
 * so that receivers recognise what they have got before, unless the input is another: then it opens a new generation of
 * them. Its history tells how it came to the step.
 * @throws {MillraceError} `NOT_FOUND`, `RUN_NOT_ENDED`, `FLOW_NOT_DEPLOYED`, and what `stateAt` and `withInput` refuse
 */
export async function prepareReplay(services: Services, request: ReplayRequest): Promise<PreparedReplay> {
  const { database, types, payloads } = services;
  const { tenant, from } = request;
  const stored = await load(services, request);
  const plan = await createPlans(database, types).get(tenant, stored.on?.version ?? stored.run.version);
  const steps = await ownSteps(stored, plan, largeValues(payloads, { tenant, run: request.run }));
  const at = (await database.now()).toISOString();
  const replay = edited(plan, stateAt(plan, from, pastOf(stored, steps), at), request);
  const storable = await storableOf(stored, replay, toldSteps(replay, steps, from), largeValues(payloads, { tenant }));
  return { flowId: stored.run.flowId, store: (tx) => store(tx, request, storable) };
}

async function load({ database }: Services, { tenant, run: id, version }: ReplayRequest): Promise<Stored> {
  const stored = await database.asTenants([tenant], async (tx) => {
    const run = await loadReplayedRun(tx, id);
    if (!run) return undefined;
    const history = { run, steps: await loadSteps(tx, id), waits: await loadWaits(tx, id) };
    return version === 'deployed' ? { ...history, on: await serving(tx, run) } : history;
  });
  if (!stored) throw new MillraceError('NOT_FOUND', 'This run does not exist.', { category: 'not-found' });
  if (isOpen(stored.run)) throw notEnded();
  return stored;
}

async function serving(tx: Tx, { environment, flowId }: ReplayedRun): Promise<Serving> {
  const deployment = await loadDeployment(tx, environment, flowId);
  if (deployment) return deployment;
  throw new MillraceError('FLOW_NOT_DEPLOYED', `No version of this flow serves in ${environment}.`);
}

/** While it waits, a replay would wait for the same answer, and nobody could say whose it is. */
function isOpen({ status }: ReplayedRun): boolean {
  return status === 'running' || status === 'waiting';
}

function notEnded(): MillraceError {
  return new MillraceError('RUN_NOT_ENDED', 'This run has not ended; cancel it before you replay it.', {
    category: 'cancelled',
  });
}

/** The run's own steps, with large values as they were. What happened in passes of loops is not needed. */
function ownSteps({ steps }: Stored, plan: Plan, values: LargeValues): Promise<StoredStep[]> {
  const own = steps.filter(({ key }) => plan.steps.has(key));
  return Promise.all(own.map(async (step) => ({ ...step, output: await values.load(step.output) })));
}

function pastOf({ run, waits }: Stored, steps: readonly StoredStep[]): Past {
  const { node, trigger, startedAt } = run;
  return { trigger: { node, ...trigger, at: startedAt.toISOString() }, ends: endsOf(steps, waits) };
}

function edited(plan: Plan, replay: Replay, { from, input }: ReplayRequest): Replay {
  return input === undefined ? replay : { ...replay, state: withInput(plan, replay.state, from, input) };
}

/**
 * Large values are kept apart, and belong to no run until the new one is stored. What it holds is told by the values as they
 * are too: inside those that are kept apart nobody would look.
 */
async function storableOf(
  { run, on }: Stored,
  { state }: Replay,
  told: readonly StepRow[],
  values: LargeValues,
): Promise<Storable> {
  const { payload } = state.context.trigger;
  const withSmall = async ({ output, ...row }: StepRow): Promise<StepRow> =>
    output === undefined ? row : { ...row, output: await offloadIfLarge(output, values) };
  const small = await offloaded(dehydrate(state), values);
  const steps = await Promise.all(told.map(withSmall));
  const holds = [
    payload,
    ...[state, small].map(({ context }) => context.outputs),
    ...[...told, ...steps].map(outputOf),
  ];
  return { run, ...(on && { on }), state: small, payload, steps, holds };
}

interface Storable extends Pick<Stored, 'run' | 'on'> {
  readonly state: Replay['state'];
  readonly payload: Json;
  readonly steps: readonly StepRow[];
  /** All data that it begins with. */
  readonly holds: Json;
}

function outputOf({ output = null }: StepRow): Json {
  return output;
}

async function store(
  tx: Tx,
  request: ReplayRequest,
  { run, on, state, payload, steps, holds }: Storable,
): Promise<WakeUp> {
  const { run: of, from, input, tenant, by } = request;
  const { origin, environment, flowId } = run;
  const generation = input === undefined ? run.generation : await nextGeneration(tx, origin);
  const source = `${by}, as a replay of run ${of} from “${from}”`;
  const ready = await insertReplay(tx, {
    id: newId(),
    of,
    ...(on && { on }),
    state,
    payload,
    source,
    origin,
    generation,
  });
  if (!ready) throw notEnded();
  const owner = { run: ready.run, tenant, environment, flowId };
  await writeSteps(
    tx,
    steps.map((step) => ({ ...step, ...owner })),
  );
  await claimPayloads(tx, [{ run: ready.run, tenant, data: holds }]);
  const after = { run: ready.run, from, withOtherInput: input !== undefined, ...(on && { version: on.version }) };
  await noteChange(tx, { tenant, environment, action: 'runs.replay', target: `runs/${of}`, after });
  return ready;
}
