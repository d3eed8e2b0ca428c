import type { ErrorData, Json, Wait } from '@millrace/contract';
import { type FlowBounds, flowBounds } from './bounds.ts';
import { compileFlow } from './compile.ts';
import { decide, startRun } from './decide.ts';
import type { FlowDocument, FlowNode } from './document.ts';
import { catalogue, flow } from './flows.fixture.ts';
import type { Plan } from './plan.ts';
import type { Action, Decision, Outcome, RunState, StepEvent } from './run-state.ts';
import { type StepScope, stepInput, stepScope } from './scope.ts';
import { activeSteps } from './stored.ts';
import type { ExpressionCheck } from './validate/check-expressions.ts';

/* For tests only: a run of a sample flow, driven step by step. */

export const refused: ErrorData = { category: 'validation', code: 'REFUSED', message: 'Refused.' };
export const unreachable: ErrorData = { category: 'transient', code: 'UNREACHABLE', message: 'No answer.' };

type EachOptions = Pick<Extract<StepEvent, { type: 'each' }>, 'concurrency' | 'onItemError' | 'total'>;

interface Options {
  readonly bounds?: Partial<FlowBounds>;
  readonly reads?: ExpressionCheck;
  readonly trigger?: string;
  readonly payload?: Json;
  readonly nodes?: Readonly<Record<string, Partial<FlowNode>>>;
  readonly change?: (document: FlowDocument) => FlowDocument;
}

export class Run {
  readonly plan: Plan;
  /** What the first decision asks for. */
  readonly started: readonly string[];
  last: Decision;
  at = '2026-11-21T08:00:00.000Z';

  constructor(edges: string, options: Options = {}) {
    const { trigger, payload = 'payload', nodes = {}, change = (each: FlowDocument) => each, reads, bounds } = options;
    const document = change(flow(edges, nodes));
    this.plan = compileFlow(document, catalogue, 'hash', reads, { ...flowBounds, ...bounds });
    this.last = startRun(this.plan, { node: trigger ?? 'start', payload, meta: { method: 'POST' }, at: this.at });
    this.started = this.last.actions.map(described);
  }

  get state(): RunState {
    return this.last.state;
  }
  get outcome(): Outcome | undefined {
    return this.state.outcome;
  }
  get active(): readonly string[] {
    return activeSteps(this.state).map(([step]) => step);
  }

  /** Each answers the actions that follow, as `perform b`. */
  emit(step: string, port = 'out', data: Json = `${step} done`): readonly string[] {
    return this.send({ type: 'emit', step, port, data, at: this.at });
  }
  fail(step: string, error: ErrorData = refused): readonly string[] {
    return this.send({ type: 'fail', step, error, at: this.at });
  }
  wait(step: string, wait: Omit<Wait, 'kind'>): readonly string[] {
    return this.send({ type: 'wait', step, wait: { kind: 'wait', ...wait }, at: this.at });
  }
  each(step: string, options: Partial<EachOptions> = {}): readonly string[] {
    return this.send({ type: 'each', step, concurrency: 1, onItemError: 'stop', ...options, at: this.at });
  }
  item(step: string, index: number, input: Json = `item ${index}`): readonly string[] {
    return this.send({ type: 'item', step, index, input, at: this.at });
  }
  noItem(step: string, index: number): readonly string[] {
    return this.send({ type: 'noItem', step, index, at: this.at });
  }
  pass(step: string, input: Json): readonly string[] {
    return this.send({ type: 'pass', step, input, at: this.at });
  }
  send(event: StepEvent): readonly string[] {
    this.last = decide(this.plan, this.state, event);
    return this.last.actions.map(described);
  }

  input(step: string): Json {
    return stepInput(this.plan, this.state, step);
  }
  scope(step: string): StepScope {
    return stepScope(this.plan, this.state, step);
  }
}

function described(action: Action): string {
  switch (action.type) {
    case 'retryAt':
      return `retry ${action.step} at ${action.at}`;
    case 'alert':
      return `alert ${action.code} (${action.severity}) of ${action.step}`;
    case 'nextItem':
      return `item ${action.index} of ${action.step}`;
    case 'passEnded':
      return `${action.step}[${action.index}] gave ${JSON.stringify(action.output)}`;
    case 'keepResult':
      return `${action.step}[${action.index}] ${'error' in action ? 'failed' : `gave ${JSON.stringify(action.output)}`}`;
    case 'gather':
      return `gather ${action.step} with ${action.failed} failed`;
    case 'dropPasses':
      return `drop ${action.passes.join(' ')}`;
    case 'loopFailed':
      return `${action.step} failed by ${action.error.code}`;
    case 'openWait':
      return `wait of ${action.step} for ${action.wait.key} on ${action.wait.channel}`;
    default:
      return `${action.type} ${action.step}`;
  }
}

export const inLoop = { parent: 'loop' };

/** A run at a loop: `before`, then `loop` over `send` and `check`, then `after`; the loop's errors go to `handler`. */
export function atLoop({ nodes, ...options }: Options = {}): Run {
  const edges = 'start > before, before > loop, loop > after, loop.error > handler, send > check';
  const run = new Run(edges, { nodes: { send: inLoop, check: inLoop, ...nodes }, ...options });
  run.emit('before');
  return run;
}
