import type { Catalogue, CatalogueDescription, Result } from '@millrace/contract';
import type { Evaluator } from '../evaluator/evaluator.ts';
import type { Log } from '../log.ts';
import type { Database } from '../postgres/database.ts';
import type { Queue } from '../postgres/queue.ts';
import type { Accepted, NewRun } from '../postgres/runs/accept-run.ts';
import type { NewSignal, StoredSignal } from '../postgres/signals/store-signal.ts';
import type { MasterKey } from '../secrets/envelope.ts';
import type { Bus } from './bus.ts';

/** What the parts of the engine stand on; made once in `main.ts`. */
export interface Foundation {
  readonly database: Database;
  /** A connection of their own for the leases, which must not wait behind other work. */
  readonly leaseDatabase: Database;
  readonly queue: Queue;
  readonly evaluator: Evaluator;
  readonly catalogue: Catalogue;
  /** The catalogue as plain data. */
  readonly types: CatalogueDescription;
  readonly masterKey: MasterKey;
  readonly bus: Bus;
  readonly log: Log;
  /** Folder of the instance: object store, sandboxes. */
  readonly home: string;
  readonly leaseMs: number;
  /** In a simulation: what a node is said to have answered, in place of running it. */
  readonly mock?: (node: string, attempt: number) => Result | undefined;
  /** Which private addresses HTTP nodes may reach. */
  readonly privateAddresses: 'none' | 'loopback' | 'all';
}

export interface Engine {
  /** Stores a run, and starts it here at once. Resolves when it is durable: only then may its sender be told. */
  accept(run: NewRun): Promise<Accepted>;
  /** Stores a signal and wakes the run that waits for it. Resolves when it is durable. */
  signal(signal: NewSignal): Promise<StoredSignal>;
  /** Asks a run to end as cancelled; it does so at its next commit. False where there is no such run. */
  cancel(tenant: string, run: string): Promise<boolean>;
  /**
   * Fires what is due, looks at what is watched, and resolves when nothing is left to do here: every run has ended or
   * waits for something outside. For simulations, which turn the clock between two calls.
   */
  settle(): Promise<void>;
  /** Stops taking runs, lets the present bursts commit, gives back leases. */
  stop(): Promise<void>;
}
