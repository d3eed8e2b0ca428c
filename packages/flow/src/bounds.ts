/** How much a flow may hold and a run may do; more is refused or fails with a clear error, never cut off. */
export interface FlowBounds {
  /** Nodes and edges of a document: `FLOW_TOO_LARGE`. */
  readonly nodes: number;
  readonly edges: number;
  /** Branches that one port starts at once: `FAN_OUT_TOO_WIDE`. */
  readonly branches: number;
  /** Bodies inside bodies: `BODY_TOO_DEEP`. */
  readonly bodyDepth: number;
  /** Steps that a run, and each pass for itself, may start: `RUN_TOO_MANY_STEPS`. */
  readonly steps: number;
  /** Passes of one loop: `LOOP_TOO_MANY_PASSES`. */
  readonly passes: number;
  /** Passes of one loop at once: `LOOP_TOO_WIDE`. */
  readonly passesAtOnce: number;
}

export const flowBounds: FlowBounds = {
  nodes: 2000,
  edges: 10_000,
  branches: 16,
  bodyDepth: 8,
  steps: 10_000,
  passes: 1_000_000,
  passesAtOnce: 1000,
};
