import type { Json } from '@millrace/contract';

export const partKinds = ['code-table', 'mapping-lines', 'flow', 'record-type'] as const;
export type PartKindName = (typeof partKinds)[number];

/** Something that is moved from the sandbox to production. */
export interface PartName {
  readonly kind: PartKindName;
  readonly name: string;
}

/** How a part stands in an environment; null where it is not there. Equal states are the same part. */
export interface PartState extends PartName {
  readonly state: Json;
}

/** A part as a plan has it. */
export interface PlannedPart extends PartName {
  /** In the sandbox, when it was planned. */
  readonly source: Json;
  /** In production, when it was planned. */
  readonly before: Json;
  /** What production is to have. */
  readonly after: Json;
}

/** One difference between two states of a part. */
export interface PartChange {
  /** JSON Pointer into the part. */
  readonly pointer: string;
  readonly action: 'added' | 'removed' | 'changed' | 'reordered';
  readonly before?: Json;
  readonly after?: Json;
  /** For people. */
  readonly sentence: string;
}
