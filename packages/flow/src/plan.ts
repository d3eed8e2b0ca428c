import type { NodeDescription } from '@millrace/contract';
import type { AnyStateMachine } from 'xstate';
import type { FlowDocument, FlowNode } from './document.ts';

/** Unique in a run: the node's id, with the path of fan-out branches where a node is compiled into several of them. */
export type StepKey = string;

/** A flow compiled for deciding. Immutable; worth caching by the document's content hash. */
export interface Plan {
  readonly document: FlowDocument;
  readonly hash: string;
  /** Every step the machine knows, in an order in which each comes after those that lead to it. */
  readonly steps: ReadonlyMap<StepKey, PlanStep>;
  /** A plain XState machine; its states are named by step keys. */
  readonly machine: AnyStateMachine;
}

export interface PlanStep {
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
  /** Ports that the step may emit on, with the code where emitting fails the step (a failure port that no edge leaves). */
  readonly ports: ReadonlyMap<string, { readonly failsWith?: string }>;
}
