import type { DatabaseServer } from './parts/database-server.ts';
import type { Random } from './random.ts';

/** What a fault is given to work with. */
export interface FaultContext {
  readonly database: DatabaseServer;
  readonly random: Random;
  readonly seed: number;
  /** The long form: more of everything. */
  readonly long: boolean;
  /** Changes planted into every server, to see whether the fault finds them. */
  readonly planted?: string;
  /** Keeps people company. */
  tell(line: string): void;
}

/** What became of it. */
export interface Finding {
  /** Nothing where it held. */
  readonly problems: readonly string[];
  /** Figures for the table, in a few words. */
  readonly facts: string;
  /** Why it was not tried; then it has neither held nor fallen. */
  readonly notTried?: string;
}

export interface Fault {
  /** `T1`. */
  readonly id: string;
  /** What people call it, beside its id: `commerce`. */
  readonly name?: string;
  readonly title: string;
  run(context: FaultContext): Promise<Finding>;
}
