import type { ErrorData, Json, Wait } from '@millrace/contract';
import { compileFlow } from './compile.ts';
import { decide, startRun } from './decide.ts';
import type { FlowDocument, FlowNode } from './document.ts';
import { catalogue, flow } from './flows.fixture.ts';
import type { Plan } from './plan.ts';
import type { Action, Decision, Outcome, RunState, StepEvent } from './run-state.ts';
import { type StepScope, stepInput, stepScope } from './scope.ts';

/* For tests only: a run of a sample flow, driven step by step. */

export const refused: ErrorData = { category: 'validation', code: 'REFUSED', message: 'Refused.' };
export const unreachable: ErrorData = { category: 'transient', code: 'UNREACHABLE', message: 'No answer.' };

interface Options {
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

  constructor(edges: string, { trigger, payload = 'payload', nodes = {}, change = (each) => each }: Options = {}) {
    const document = change(flow(edges, nodes));
    this.plan = compileFlow(document, catalogue, 'hash');
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
    return Object.keys(this.state.context.active);
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
    case 'openWait':
      return `wait of ${action.step} for ${action.wait.key} on ${action.wait.channel}`;
    default:
      return `${action.type} ${action.step}`;
  }
}
