import {
  type Emit,
  type Fail,
  type Json,
  type JsonObject,
  MillraceError,
  type NodeContext,
  type NodeSpec,
  type Reject,
  type Signal,
  toErrorData,
  type Wait,
} from '@millrace/contract';
import { type Plan, type RunState, type StepEvent, stepScope } from '@millrace/flow';
import { openConnection } from '../connections/open-connection.ts';
import type { Log } from '../log.ts';
import { loadEarlierWaits } from '../postgres/runs/load-inbox.ts';
import type { TakenRun } from '../postgres/runs/take-run.ts';
import type { Clock } from './clock.ts';
import { resolveConfig } from './config.ts';
import { crashPoint } from './crash-points.ts';
import type { Foundation } from './engine.ts';
import type { Evaluation, Scope } from './evaluation.ts';
import { idempotencyKey } from './idempotency.ts';
import type { BufferedRecords } from './records.ts';

export interface StepWork {
  readonly run: TakenRun;
  readonly plan: Plan;
  readonly state: RunState;
  readonly step: string;
  /** The step may have been performed before, without its outcome having become known. */
  readonly repeated: boolean;
  /** The signal to resume a waiting step with. */
  readonly resume?: Signal;
  readonly abort: AbortSignal;
}

export interface Performed {
  readonly step: string;
  readonly input: Json;
  /** Nothing where the signal was not for this wait. */
  readonly event?: StepEvent;
  /** What became of the signal that it was resumed with. */
  readonly resumed?: { readonly id: string; readonly state: 'accepted' | 'rejected'; readonly reason?: string };
}

export interface Tools {
  readonly foundation: Foundation;
  readonly evaluation: Evaluation;
  readonly records: BufferedRecords;
  readonly clock: Clock;
  readonly fetch: NodeContext['fetch'];
}

/** What a node has answered, or thrown. */
type NodeResult = Emit | Wait | Reject | (Fail & { readonly thrown?: true });

/** Runs one step's node. Never throws: whatever goes wrong is the step's `fail` event. */
export async function performStep(work: StepWork, tools: Tools): Promise<Performed> {
  const { plan, state, step, resume } = work;
  const spec = specOf(work, tools);
  const scope = scopeOf(work);
  const log = tools.foundation.log.child({ run: work.run.id, step });
  const result = await guarded(() => runNode(work, tools, spec, scope), log);
  if (result.kind === 'reject')
    return {
      step,
      input: scope.input,
      ...(resume && { resumed: { id: resume.id, state: 'rejected', reason: result.reason } }),
    };
  // A pure step takes no time: its event repeats its activation, so that all that follows from it repeats too.
  const isRepeatable = spec.effect === 'pure' && !('thrown' in result);
  const at = isRepeatable ? (state.context.active[step]?.activatedAt as string) : tools.clock.now().toISOString();
  const event = eventOf(result, step, at, spec);
  log.debug({ event: event.type, node: plan.steps.get(step)?.node.type }, 'step');
  return { step, input: scope.input, event, ...(resume && { resumed: { id: resume.id, state: 'accepted' } }) };
}

async function runNode(work: StepWork, tools: Tools, spec: NodeSpec, scope: Scope): Promise<NodeResult> {
  const { node, nodeId } = stepOf(work);
  const config = await resolveConfig(node.config as JsonObject, spec.config, tools.evaluation, scope);
  const context = await contextOf(work, tools, spec, scope);
  if (work.resume) {
    if (!spec.resume) throw new MillraceError('NOT_RESUMABLE', 'This node does not wait for signals.');
    return spec.resume(work.resume, config, context);
  }
  const mocked = tools.foundation.mock?.(nodeId, context.attempt);
  if (mocked) return mocked;
  if (spec.effect !== 'pure') crashPoint('effect.before');
  const result = await spec.run(scope.input, config, context);
  if (spec.effect !== 'pure') crashPoint('effect.after');
  return result;
}

/** The detail of an error that is not ours may hold secrets: it is logged, and known to the run as `INTERNAL`. */
async function guarded(run: () => Promise<NodeResult>, log: Log): Promise<NodeResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof MillraceError)) log.error({ err: error }, 'a node broke off');
    return { kind: 'fail', error: toErrorData(error), thrown: true };
  }
}

function eventOf(result: Exclude<NodeResult, Reject>, step: string, at: string, { effect }: NodeSpec): StepEvent {
  if (result.kind === 'emit') return { type: 'emit', step, port: result.port, data: result.data, at };
  // What a pure node answers it answers again; what it throws (an evaluation that was too slow) may pass.
  if (result.kind === 'fail')
    return { type: 'fail', step, error: result.error, at, final: effect === 'pure' && !result.thrown };
  return { type: 'wait', step, wait: result, at };
}

function stepOf({ plan, step }: StepWork) {
  const found = plan.steps.get(step);
  if (!found) throw new MillraceError('STEP_UNKNOWN', `The flow has no step ${step}.`, { category: 'internal' });
  return found;
}

function specOf(work: StepWork, tools: Tools): NodeSpec {
  const { type } = stepOf(work).node;
  const spec = tools.foundation.catalogue.nodes.get(type);
  if (!spec)
    throw new MillraceError('NODE_TYPE_UNKNOWN', `This instance has no node type ${type}.`, { category: 'internal' });
  return spec;
}

function scopeOf({ run, plan, state, step }: StepWork): Scope {
  const active = state.context.active[step];
  return {
    ...stepScope(plan, state, step),
    params: run.parameters,
    run: { id: run.id, startedAt: run.startedAt.toISOString(), connections: run.connections },
    tenant: { id: run.tenant, slug: run.tenantSlug, timeZone: run.timeZone },
    now: active?.activatedAt ?? run.startedAt.toISOString(),
    seed: `${run.id}/${step}`,
  };
}

async function contextOf(work: StepWork, tools: Tools, { effect }: NodeSpec, scope: Scope): Promise<NodeContext> {
  const { run, step, state } = work;
  const { foundation, evaluation } = tools;
  const log = foundation.log.child({ run: run.id, step });
  return {
    run: { id: run.id, startedAt: run.startedAt },
    tenant: { slug: run.tenantSlug, timeZone: run.timeZone },
    step,
    idempotencyKey: (ordinal = 0) => idempotencyKey(run.id, step, ordinal),
    attempt: (state.context.active[step]?.failures ?? 0) + 1,
    repeated: work.repeated,
    signal: work.abort,
    now: new Date(scope.now),
    log: {
      info: (message, fields) => log.info(fields ?? {}, message),
      warn: (message, fields) => log.warn(fields ?? {}, message),
    },
    connection: await connectionOf(work, foundation),
    records: effect === 'stored' ? tools.records.as(step) : tools.records.readonly,
    fetch: tools.fetch,
    earlierWaits: await earlierWaits(work, foundation),
    evaluate: async (expression, input) => (await evaluation.all([expression], scope, input))[0],
    validate: evaluation.validate,
  };
}

async function connectionOf(work: StepWork, foundation: Foundation): Promise<NodeContext['connection']> {
  const slot = stepOf(work).node.connection;
  const id = slot === undefined ? undefined : work.run.connections[slot];
  if (id !== undefined) return openConnection(foundation, work.run.tenant, id);
  if (slot === undefined) return { id: '', name: '', config: undefined };
  throw new MillraceError('CONNECTION_MISSING', `The slot “${slot}” is bound to no connection.`, { category: 'auth' });
}

async function earlierWaits({ run, resume }: StepWork, foundation: Foundation): Promise<JsonObject[]> {
  if (!resume) return [];
  const on = { environment: run.environment, channel: resume.channel, key: resume.key };
  const waits = await foundation.database.asTenants([run.tenant], (tx) => loadEarlierWaits(tx, on));
  return waits.map((wait) => wait.detail);
}
