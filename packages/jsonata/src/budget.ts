/**
 * What one evaluation may use. Fuel, bytes and depth are counted, never timed: the same expression over the same data
 * always ends at the same place.
 */
export interface Budget {
  /** Steps: about one for every node of the expression evaluated, item looked at or character read. */
  readonly fuel: number;
  /** Bytes of all that is made during the evaluation, whether it is still in use or not; so an upper bound of memory. */
  readonly bytes: number;
  /** Evaluations inside one another, as JSONata counts them: nesting of the text and calls. */
  readonly depth: number;
  /** Milliseconds of the clock; none when it is infinite, which keeps the evaluation deterministic. */
  readonly deadlineMs: number;
}

/** What an evaluation used, in the units of {@link Budget}. */
export interface Usage {
  readonly fuel: number;
  readonly bytes: number;
  readonly depth: number;
}

/**
 * About a second of work and half a gigabyte of garbage. The depth is what Node's default stack of 984 kB holds with
 * room to spare for the host's own frames; see `budget.test.ts`.
 */
export const defaultBudget: Budget = {
  fuel: 200_000_000,
  bytes: 512_000_000,
  depth: 1000,
  deadlineMs: Number.POSITIVE_INFINITY,
};
