/** The host's side of an evaluation. */
export interface Host {
  /** Milliseconds since 1970 that `$now` and `$millis` tell. */
  readonly now: number;
  /** The next number from 0 up to 1 for `$random` and `$shuffle`. */
  random(): number;
  /** Whatever the host gave along for its own functions; out of reach for the expression. */
  readonly context: unknown;
}
