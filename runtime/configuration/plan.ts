import type { Problem } from '@millrace/contract';

/** What a push does. */
export interface Plan {
  readonly changes: readonly PlannedChange[];
  /** Parts that the tenant has and the pushed configuration has not, and that stay. */
  readonly missing: readonly string[];
  /** Parts that somebody has changed, in ways that whoever pushes has not seen. */
  readonly conflicts: readonly PartConflict[];
  /** What is wrong, all of it; pointers are into the pushed configuration. What is no error is not in the way. */
  readonly problems: readonly Problem[];
}

export interface PlannedChange {
  readonly part: string;
  readonly action: 'added' | 'changed' | 'removed';
  /** Of what is changed. */
  readonly sentences: readonly string[];
}

export interface PartConflict {
  readonly part: string;
  /** Of what the tenant has. */
  readonly digest: string;
  /** Who has changed it last, and when; null where that is not known any more. */
  readonly who: string | null;
  readonly at: Date | null;
  /** For people. */
  readonly message: string;
}
