import type { Json } from '@millrace/contract';

/** What becomes of one place of a flow. */
export type Change = NamedChange | FlowChange;

/** A change of something that has a name, or of a part of it. */
export interface NamedChange extends Changed {
  readonly kind: NamedKind;
  /** Of the node, parameter, slot, record type, test or sample; of an edge `check.invalid>reject`. */
  readonly name: string;
}

/** A change of the flow itself. */
export interface FlowChange extends Changed {
  readonly kind: FlowKind;
}

export type NamedKind =
  | 'node'
  | 'node-title'
  | 'node-type'
  | 'node-version'
  | 'node-parent'
  | 'node-connection'
  | 'config'
  | 'retry'
  | 'edge'
  | 'parameter'
  | 'parameter-default'
  | 'slot'
  | 'record-type'
  | 'code-table'
  | 'mapping'
  | 'test'
  | 'sample';

/** `parameters` is what their schema says of all together; `flow` is a name, a description and the like. */
export type FlowKind = 'parameters' | 'on-error' | 'flow';

interface Changed {
  /** `reordered` is a list whose items are all there, in another order; before and after are their names. */
  readonly action: 'added' | 'removed' | 'changed' | 'reordered';
  /** JSON Pointer into the bundle; items of lists are named in it by what tells them apart, not by their index. */
  readonly pointer: string;
  /** The part of the pointer below the thing that the kind names; `''` for the thing itself. */
  readonly field: string;
  /** Absent where there was nothing; likewise `after`. */
  readonly before?: Json;
  readonly after?: Json;
  /** Of a changed text, such as an expression: the one stretch outside which nothing is different. */
  readonly edit?: Edit;
}

/** A stretch of a text and what takes its place. */
export interface Edit {
  /** UTF-16 units before it. */
  readonly from: number;
  readonly before: string;
  readonly after: string;
}
