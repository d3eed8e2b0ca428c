import type { Catalogue, CatalogueDescription, Network, Result } from '@millrace/contract';
import type { HealthNotes } from '../connections/health.ts';
import type { Evaluator } from '../evaluator/evaluator.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { PayloadStore } from '../payloads/store.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import type { Notices } from '../postgres/notices.ts';
import type { Accepted, NewRun } from '../postgres/runs/accept-runs.ts';
import type { NewSignal, StoredSignal } from '../postgres/signals/store-signals.ts';
import type { ReplayRequest } from '../runs/replay-run.ts';
import type { MasterKeys } from '../secrets/envelope.ts';
import type { Bus } from './bus.ts';
import type { Notice } from './neighbours.ts';

/** What a process does; by default everything. */
export const roles = ['api', 'worker', 'timer', 'watcher'] as const;
export type Role = (typeof roles)[number];

export interface Self {
  readonly id: string;
  readonly roles: readonly Role[];
}

/** An answer in place of a node's own, at a step and an attempt from 1 on; nothing where the node itself is to run. */
export type Mock = (at: {
  readonly node: string;
  readonly step: string;
  readonly attempt: number;
}) => Result | undefined;

/** What the parts of the engine stand on; made once in `instance.ts`. */
export interface Foundation {
  readonly database: Database;
  /** A connection of their own for the leases, which must not wait behind other work. */
  readonly leaseDatabase: Database;
  readonly evaluator: Evaluator;
  readonly catalogue: Catalogue;
  /** The catalogue as plain data. */
  readonly types: CatalogueDescription;
  readonly masterKeys: MasterKeys;
  /** How connections fare when they are used. */
  readonly health: HealthNotes;
  readonly payloads: PayloadStore;
  readonly bus: Bus;
  readonly metrics: Metrics;
  /** This process among those that share the database. */
  readonly self: Self;
  readonly notices: Notices<Notice>;
  readonly log: Log;
  /** Folder of the instance: object store, sandboxes. */
  readonly home: string;
  readonly leaseMs: number;
  /** Runs that this process drives at once. */
  readonly places: number;
  /** In a simulation: what a node is said to have answered, in place of running it. */
  readonly mock?: Mock;
  /** What flows may call. */
  readonly network: Network;
}

/** A deployed flow. */
export interface TenantFlow {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
}

/** What is asked for in the name of an author the audit tells of; without one it was the instance itself. */
export interface Engine {
  /** Stores a run, and starts it here at once. Resolves when it is durable: only then may its sender be told. */
  accept(run: NewRun): Promise<Accepted>;
  /** Stores a signal and wakes the run that waits for it. Resolves when it is durable. */
  signal(signal: NewSignal): Promise<StoredSignal>;
  /**
   * Gives a signal that nobody has taken to an open wait, by hand; answers the run that waits.
   * @throws {MillraceError} those of `matchSignal`
   */
  match(tenant: string, signal: string, wait: string, author?: Author): Promise<string>;
  /** Asks a run and those that it called to end as cancelled. False where there is no such run, or it has ended. */
  cancel(tenant: string, run: string, author?: Author): Promise<boolean>;
  /** Lets failed runs go on from where they failed, with the same keys; answers how many of them had failed. */
  redrive(tenant: string, runs: readonly string[], by: string, author?: Author): Promise<number>;
  /** Begins a new run at a step of one that has ended; answers its id. @throws {MillraceError} those of `prepareReplay` */
  replay(request: ReplayRequest, author?: Author): Promise<string>;
  /** Holds a flow's runs, those to come too, where they are; work that is under way comes to rest. False: not deployed. */
  pause(flow: TenantFlow, author?: Author): Promise<boolean>;
  /** Lets a paused flow's runs go on. */
  resume(flow: TenantFlow, author?: Author): Promise<boolean>;
  /**
   * Fires what is due, looks at what is watched, and resolves when nothing is left to do here: every run has ended or
   * waits for something outside. For simulations, which turn the clock between two calls.
   */
  settle(): Promise<void>;
  /** Stops taking runs, lets the present bursts commit, gives back leases. */
  stop(): Promise<void>;
}
