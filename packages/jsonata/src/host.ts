import type { Journal } from './journal.ts';

/** What the host lends an evaluation. */
export interface HostOptions {
  /** Milliseconds since 1970 for `$now` and `$millis`; the clock's unless told otherwise. */
  readonly now?: number;
  /** Numbers from 0 up to 1 for `$random` and `$shuffle`; `Math.random` unless told otherwise. */
  readonly random?: () => number;
  /** Handed to the host's functions; out of reach for the expression. */
  readonly context?: unknown;
}

/** The host's side of an evaluation. */
export class Host {
  private readonly options: HostOptions;
  private readonly journal: Journal;
  private moment: number | undefined;

  constructor(options: HostOptions, journal: Journal) {
    this.options = options;
    this.journal = journal;
    this.moment = options.now;
  }

  /** The same during a whole evaluation. */
  get now(): number {
    this.moment ??= Date.now();
    return this.moment;
  }

  random(): number {
    return this.journal.draw(this.options.random ?? Math.random);
  }

  get context(): unknown {
    return this.options.context;
  }
}
