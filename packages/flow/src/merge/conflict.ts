import type { Json } from '@millrace/contract';

/** A place that both sides have changed, each in its own way; the merged bundle has what is mine there. */
export interface Conflict {
  /** Of a `value` the three are what stands there, of an `order` the names of a list's items one after the other. */
  readonly kind: 'value' | 'order';
  /** JSON Pointer into the bundle; items of lists are named in it by what tells them apart, not by their index. */
  readonly pointer: string;
  /** Absent where there was nothing; likewise the other two. */
  readonly base?: Json;
  readonly mine?: Json;
  readonly theirs?: Json;
  /** Of an item of a list: the names between which it stands. */
  readonly among?: readonly string[];
}
