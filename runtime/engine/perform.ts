import {
  type Blobs,
  dayIn,
  type Each,
  type Effect,
  type ErrorData,
  type Fail,
  isBlobRef,
  type Json,
  type JsonObject,
  MillraceError,
  type NodeContext,
  type NodeSpec,
  type Reject,
  type Result,
  type Signal,
  toErrorData,
} from '@millrace/contract';
import { activeStep, type Plan, type RunState, type StepEvent, stepOf, stepScope } from '@millrace/flow';
import { noting } from '../connections/health.ts';
import { type OpenConnection, openConnection } from '../connections/open-connection.ts';
import type { OpenMappings } from '../mappings/open-mappings.ts';
import type { LargeValues } from '../payloads/large-values.ts';
import { isLostConnection, isPassing } from '../postgres/database-error.ts';
import { loadEarlierWaits } from '../postgres/runs/load-inboxes.ts';
import type { Lease, TakenRun } from '../postgres/runs/take-runs.ts';
import { hidden, hideNothing } from '../secrets/hide-known.ts';
import type { Clock } from './clock.ts';
import type { Commits } from './commits.ts';
import { resolveConfig } from './config.ts';
import { crashPoint } from './crash-points.ts';
import { effectOf, writesOutside } from './effect.ts';
import type { Foundation } from './engine.ts';
import type { Evaluation, Scope } from './evaluation.ts';
import { idempotencyKey } from './idempotency.ts';
import type { Loops } from './loops.ts';
import type { StoredWrites } from './stored-writes.ts';

export interface StepWork {
  readonly run: TakenRun;
  readonly plan: Plan;
  readonly state: RunState;
  readonly step: string;
  /** The step may have been performed before, without its outcome having become known. */
  readonly repeated: boolean;
  /** The signal to resume a waiting step with. */
  readonly resume?: Signal | undefined;
  /** What the body of the step has given. */
  readonly passEnded?: { readonly output: Json; readonly index: number; readonly at: string };
  readonly abort: AbortSignal;
}

export interface Performed {
  readonly step: string;
  /** What the step got, where it was performed. */
  readonly input?: Json;
  /** Nothing where the signal was not for this wait. */
  readonly event?: StepEvent;
  /** Performed again, after a crash, it gives the very same event. */
  readonly repeats?: boolean;
  /** Performed again, it would be written outside again. */
  readonly wroteOutside?: boolean;
  /** What became of the signal that it was resumed with. `kept`: the node broke off over it, and has not answered it. */
  readonly resumed?: {
    readonly id: string;
    readonly state: 'accepted' | 'rejected' | 'kept';
    readonly reason?: string;
  };
}

export interface Tools {
  readonly foundation: Foundation;
  readonly evaluation: Evaluation;
  readonly mappings: OpenMappings;
  readonly stored: StoredWrites;
  readonly loops: Loops;
  readonly blobs: Blobs;
  readonly values: LargeValues;
  readonly clock: Clock;
  readonly commits: Commits;
  readonly lease: Lease;
}

/** What a node has answered, or thrown. */
type NodeResult = Exclude<Result, Fail> | Reject | (Fail & { readonly thrown?: true });

/** Runs one step's node. Never throws: whatever goes wrong is the step's `fail` event. */
export async function performStep(work: StepWork, tools: Tools): Promise<Performed> {
  const { step, resume } = work;
  const spec = specOf(work, tools);
  const scope = scopeOf(work);
  const about = { run: work.run.id, step };
  const result = await guarded(about, () => runNode(work, tools, spec, scope), tools);
  if (result.kind === 'reject')
    return {
      step,
      input: scope.input,
      ...(resume && { resumed: { id: resume.id, state: 'rejected', reason: result.reason } }),
    };
  // A pure step takes no time: its event is of the time of what it answers, so that all that follows from it repeats too.
  const effect = effectOf(spec, planStepOf(work).node.config as JsonObject);
  const repeats = effect === 'pure' && !('thrown' in result);
  const at = repeats ? scope.now : tools.clock.now().toISOString();
  const event = eventOf(result, step, at, effect);
  tools.foundation.log.debug({ ...about, event: event.type, node: planStepOf(work).node.type }, 'step');
  const state = 'thrown' in result ? 'kept' : 'accepted';
  const performed = { step, input: scope.input, event, repeats, wroteOutside: writesOutside(effect) };
  return { ...performed, ...(resume && { resumed: { id: resume.id, state } }) };
}

/** What the node answers, throws and logs is without the secrets of the connection that it used. */
async function runNode(work: StepWork, tools: Tools, spec: NodeSpec, scope: Scope): Promise<NodeResult> {
  const connection = await connectionOf(work, tools.foundation);
  return hidden(connection.hide, () => askNode(work, tools, spec, scope, connection));
}

async function askNode(
  work: StepWork,
  tools: Tools,
  spec: NodeSpec,
  scope: Scope,
  connection: UsedConnection,
): Promise<NodeResult> {
  const { node, nodeId } = planStepOf(work);
  const config = await resolveConfig(node.config as JsonObject, spec.config, tools.evaluation, scope);
  const effect = effectOf(spec, node.config as JsonObject);
  const context = await contextOf(work, tools, effect, scope, connection);
  if (work.resume) {
    if (!spec.resume) throw new MillraceError('NOT_RESUMABLE', 'This node does not wait for signals.');
    return spec.resume(work.resume, config, context);
  }
  if (work.passEnded) {
    if (!spec.passEnded) throw new MillraceError('NOT_REPEATABLE', 'This node does not run its body again and again.');
    return spec.passEnded(work.passEnded.output, work.passEnded.index, config, context);
  }
  const mocked = tools.foundation.mock?.(nodeId, context.attempt);
  if (mocked) return mocked;
  if (effect !== 'pure') crashPoint('effect.before');
  const result = await used(work, tools, connection, () => spec.run(scope.input, config, context));
  if (effect !== 'pure') crashPoint('effect.after');
  return result;
}

/** What the node does with its connection says how that fares; without one there is nothing to say. */
async function used(
  { run }: StepWork,
  { foundation }: Tools,
  connection: UsedConnection,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  if (connection.id === '') return work();
  const about = { tenant: run.tenant, id: connection.id, hide: connection.hide };
  return noting(foundation.health, about, work, (result) => (result.kind === 'fail' ? result.error : undefined));
}

/** Of what step of what run. */
interface About {
  readonly run: string;
  readonly step: string;
}

async function guarded(about: About, run: () => Promise<NodeResult>, tools: Tools): Promise<NodeResult> {
  try {
    return await run();
  } catch (error) {
    return { kind: 'fail', error: failureOf(error, about, tools), thrown: true };
  }
}

/** What a step does besides running its node. Never throws: whatever goes wrong is the step's `fail` event. */
export async function guardedEvent(about: About, read: () => Promise<StepEvent>, tools: Tools): Promise<StepEvent> {
  try {
    return await read();
  } catch (error) {
    const at = tools.clock.now().toISOString();
    return { type: 'fail', step: about.step, error: failureOf(error, about, tools), at };
  }
}

/** The detail of an error that is not ours may hold secrets: it is logged, and known to the run by a sentence of ours. */
function failureOf(error: unknown, about: About, { foundation: { log } }: Tools): ErrorData {
  if (error instanceof MillraceError) return error.toData();
  log.error({ ...about, err: error }, 'a step broke off');
  if (isLostConnection(error) || isPassing(error)) return databaseAway;
  return toErrorData(error);
}

const databaseAway: ErrorData = {
  category: 'transient',
  code: 'DATABASE_UNAVAILABLE',
  message: 'Millrace’s own database could not be asked.',
};

function eventOf(result: Exclude<NodeResult, Reject>, step: string, at: string, effect: Effect): StepEvent {
  if (result.kind === 'emit') return { type: 'emit', step, port: result.port, data: result.data, at };
  // What a pure node answers it answers again; what it throws (an evaluation that was too slow) may pass.
  if (result.kind === 'fail')
    return { type: 'fail', step, error: result.error, at, final: effect === 'pure' && !result.thrown };
  if (result.kind === 'wait') return { type: 'wait', step, wait: result, at };
  if (result.kind === 'pass') return { type: 'pass', step, input: result.input, at };
  const { concurrency, onItemError, items } = result;
  return { type: 'each', step, concurrency, onItemError, at, ...(!isBlobRef(items) && { total: items.length }) };
}

/**
 * The list that a loop goes over, named by its node once more: that is pure, and names the same.
 * @throws {MillraceError} what the node fails with
 */
export async function listOf(work: StepWork, tools: Tools): Promise<Each> {
  const result = await runNode(work, tools, specOf(work, tools), scopeOf(work));
  if (result.kind === 'each') return result;
  throw new MillraceError('LIST_LOST', 'The loop does not name its list any more.', { category: 'internal' });
}

function planStepOf({ plan, step }: StepWork) {
  const found = stepOf(plan, step);
  if (!found) throw new MillraceError('STEP_UNKNOWN', `The flow has no step ${step}.`, { category: 'internal' });
  return found;
}

function specOf(work: StepWork, tools: Tools): NodeSpec {
  const { type } = planStepOf(work).node;
  const spec = tools.foundation.catalogue.nodes.get(type);
  if (!spec)
    throw new MillraceError('NODE_TYPE_UNKNOWN', `This instance has no node type ${type}.`, { category: 'internal' });
  return spec;
}

function scopeOf({ run, plan, state, step, passEnded }: StepWork): Scope {
  const active = activeStep(state, step);
  return {
    ...stepScope(plan, state, step),
    params: run.parameters,
    run: { id: run.id, startedAt: run.startedAt.toISOString(), connections: run.connections },
    tenant: { id: run.tenant, slug: run.tenantSlug, timeZone: run.timeZone },
    now: passEnded?.at ?? active?.activatedAt ?? run.startedAt.toISOString(),
    seed: `${run.id}/${step}`,
  };
}

async function contextOf(
  work: StepWork,
  tools: Tools,
  effect: Effect,
  scope: Scope,
  connection: UsedConnection,
): Promise<NodeContext> {
  const { run, step, state } = work;
  const { foundation, evaluation } = tools;
  const { log } = foundation;
  const about = { run: run.id, step };
  const now = new Date(scope.now);
  const keyOf = (ordinal = 0) => idempotencyKey(run.origin, step, ordinal, run.generation);
  return {
    run: { id: run.id, startedAt: run.startedAt },
    tenant: { slug: run.tenantSlug, timeZone: run.timeZone },
    step,
    idempotencyKey: keyOf,
    attempt: (activeStep(state, step)?.failures ?? 0) + 1,
    repeated: work.repeated,
    signal: work.abort,
    now,
    clock: tools.clock,
    log: {
      info: (message, fields) => log.info({ ...connection.hide(fields), ...about }, connection.hide(message)),
      warn: (message, fields) => log.warn({ ...connection.hide(fields), ...about }, connection.hide(message)),
    },
    connection,
    ...tools.stored.as({ key: step, now, idempotencyKey: keyOf }, effect),
    blobs: tools.blobs,
    fetch: tools.foundation.network.fetch,
    earlierWaits: () => earlierWaits(work, foundation),
    evaluate: async (expression, input) => (await evaluation.all([expression], scope, input))[0],
    mapping: (name, asked) => tools.mappings.choose(run, name, asked, dayIn(run.timeZone, now)),
    validate: evaluation.validate,
  };
}

type UsedConnection = NodeContext['connection'] & Pick<OpenConnection, 'hide'>;

async function connectionOf(work: StepWork, foundation: Foundation): Promise<UsedConnection> {
  const slot = planStepOf(work).node.connection;
  const id = slot === undefined ? undefined : work.run.connections[slot];
  if (id !== undefined) return openConnection(foundation, work.run.tenant, id);
  if (slot === undefined)
    return { id: '', name: '', config: undefined, network: foundation.network, hide: hideNothing };
  throw new MillraceError('CONNECTION_MISSING', `The slot “${slot}” is bound to no connection.`, { category: 'auth' });
}

async function earlierWaits({ run, resume }: StepWork, foundation: Foundation): Promise<JsonObject[]> {
  if (!resume) return [];
  const on = { tenant: run.tenant, environment: run.environment, channel: resume.channel, key: resume.key };
  const waits = await foundation.database.byIndex.asTenants([run.tenant], (tx) => loadEarlierWaits(tx, on));
  return waits.map((wait) => wait.detail);
}
