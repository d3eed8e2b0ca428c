/** Places that are taken, of how many. */
export interface Use {
  readonly used: number;
  readonly total: number;
}

/** A pool of connections to the database. */
export interface PoolUse extends Use {
  /** Those that wait for a connection. */
  readonly waiting: number;
}

/** Why a process that evaluates was killed. */
export type KillReason = 'timeout' | 'memory' | 'output' | 'died';

/**
 * Why something is not evaluated in this process: `schema`, a JSON Schema that is new or that data does not fit; `regex`, a
 * regular expression that can take any time; `budget`, it needs more than this process allows, or once did; `turn`, others of
 * the same call have taken the time that there was.
 */
export type GuardReason = 'schema' | 'regex' | 'budget' | 'turn';

/**
 * What the parts of an instance count and measure; times in seconds. No part needs to know who reads it. What is told
 * never names a tenant or a flow: their number has no bound, and every name is a series that is kept for ever.
 */
export interface Metrics {
  /** A run was stored; a repeated event is none. */
  runAccepted(): void;
  runEnded(outcome: 'succeeded' | 'failed' | 'cancelled'): void;
  /** So many bursts were written by one transaction. */
  committed(bursts: number): void;
  /** From a run's being taken until it was given back. */
  burst(seconds: number): void;
  /** From the question until the answer, in this process (`engine`) or of a guarded one, the time in its queue included. */
  evaluated(seconds: number, outcome: 'value' | 'error', place: 'engine' | 'guarded'): void;
  /** Something was left to a guarded process. */
  guarded(reason: GuardReason): void;
  evaluatorKilled(reason: KillReason): void;
  /** By how much later than due. */
  timerFired(lagSeconds: number): void;
  /** @param route its pattern, not the address that was asked for */
  request(method: string, route: string, status: string, seconds: number): void;
  /** Runs that this process drives; read when somebody asks. */
  watchPlaces(read: () => Use): void;
  watchPool(name: string, read: () => PoolUse): void;
}

const nothing = () => undefined;

/** For simulations and tests. */
export const noMetrics: Metrics = {
  runAccepted: nothing,
  runEnded: nothing,
  committed: nothing,
  burst: nothing,
  evaluated: nothing,
  guarded: nothing,
  evaluatorKilled: nothing,
  timerFired: nothing,
  request: nothing,
  watchPlaces: nothing,
  watchPool: nothing,
};
