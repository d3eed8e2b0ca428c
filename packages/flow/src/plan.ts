import type { NodeDescription } from '@millrace/contract';
import type { AnyStateMachine } from 'xstate';
import type { FlowBounds } from './bounds.ts';
import type { FlowDocument, FlowNode } from './document.ts';
import type { Fields } from './fields-read.ts';
import { loopOf, placeOf, type StepKey } from './step-key.ts';
import type { StepSet } from './step-set.ts';

/** A flow compiled for deciding, or the body of a loop. Immutable; worth caching by the document's content hash. */
export interface Plan {
  readonly document: FlowDocument;
  readonly hash: string;
  /** Every step the machine knows, in an order in which each comes after those that lead to it. */
  readonly steps: ReadonlyMap<StepKey, PlanStep>;
  /** A plain XState machine; its states are named by step keys. */
  readonly machine: AnyStateMachine;
  /** Steps that have a body. */
  readonly loops: readonly PlanStep[];
  /** What is read of each node's output by its name, where that is known. */
  readonly fieldsRead: ReadonlyMap<string, Fields>;
  readonly bounds: FlowBounds;
}

export interface PlanStep {
  /** In its own machine; the same for every pass of the body that it stands in. */
  readonly key: StepKey;
  readonly nodeId: string;
  readonly node: FlowNode;
  readonly type: NodeDescription;
  /** Place in `Plan.steps`; sorts what happened at once. */
  readonly order: number;
  /** Ids of the fan-outs around the step that close at a join. */
  readonly within: readonly string[];
  /** Steps and triggers from which an edge leads here, joins included. */
  readonly predecessors: readonly StepKey[];
  /** The steps from which a way leads here. */
  readonly ancestors: StepSet;
  readonly ports: ReadonlyMap<string, PlanPort>;
  /** The machine of each of its passes. */
  readonly body?: Plan;
}

/** A port that the step may emit on. */
export interface PlanPort {
  /** Error code of emitting here: it is a failure port that no edge leaves. */
  readonly failsWith?: string;
  /** How many steps start at once. */
  readonly starts: number;
}

/** The plan's step for a key of the run, in whatever pass it is. */
export function stepOf(plan: Plan, step: StepKey): PlanStep | undefined {
  const own = plan.steps.get(step);
  if (own) return own;
  const { pass, key } = placeOf(step);
  return pass === undefined ? undefined : planOf(plan, pass)?.steps.get(key);
}

/** The plan of a pass's machine. */
export function planOf(plan: Plan, pass: string): Plan | undefined {
  const { around, loop } = loopOf(pass);
  const outer = around === undefined ? plan : planOf(plan, around);
  return outer?.steps.get(loop)?.body;
}
