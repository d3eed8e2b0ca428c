import type { GraphNode } from './graph.ts';
import type { StepKey } from './step-key.ts';

/**
 * The well-nested form of a flow: regions of ordinary steps, with fan-outs that hold regions again. A node stands in
 * more than one region where branches share it without meeting there.
 */
export interface Region {
  readonly id: string;
  /** Its name among the regions beside it. */
  readonly key: string;
  /** Fan-outs around it that close at a join, outermost first. */
  readonly within: readonly Fan[];
  entry: Exit;
  readonly steps: Step[];
}

/** A node placed in a region. */
export interface Step {
  /** The node's id, or behind the region's path where the node stands in several; given when all steps are placed. */
  key: StepKey;
  readonly node: GraphNode;
  /** Path of the region, ending in `/` unless empty. */
  readonly path: string;
  readonly region: Region;
  /** Where each port leads. */
  readonly exits: Map<string, Exit>;
}

/** Where an edge, or the lack of one, leads. */
export type Exit =
  | { readonly kind: 'step'; readonly step: Step }
  /** The end of the branch. */
  | { readonly kind: 'end' }
  /** The join of a fan-out around the region. */
  | { readonly kind: 'join'; readonly fan: Fan }
  | { readonly kind: 'fan'; readonly fan: Fan }
  /** Side branches that no join may wait for run beside the whole flow, while `main` goes on here. */
  | { readonly kind: 'split'; readonly main: Exit; readonly aside: readonly Region[] };

/** Branches that run at once. */
export interface Fan {
  readonly id: string;
  /** Its name in its region. */
  readonly key: string;
  readonly region: Region;
  readonly regions: Region[];
  /** Where they meet: a step of the fan-out's own region. */
  join?: Step;
}
