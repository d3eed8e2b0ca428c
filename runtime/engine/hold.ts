import { extendLeases, type HeldRun } from '../postgres/runs/extend-leases.ts';
import { giveBack } from '../postgres/runs/give-back.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import type { Foundation } from './engine.ts';

/** Somebody else holds the run now, or this process is giving it back: nothing more of the work on it is written. */
export class LeaseLost extends Error {}

/** What the work on a run hears from outside. */
export interface Hearing {
  /** Aborted, with {@link LeaseLost} for a reason, when somebody else has taken the run, or this process gives it back. */
  readonly lost: AbortSignal;
  /** Resolves when something has come that was not noted yet, or the run is lost; of several promises the latest alone. */
  news(): Promise<void>;
  /** What came until now will be found in the run's inbox, which is about to be read. */
  noted(): void;
}

type KeptRun = Pick<TakenRun, 'id' | 'tenant' | 'token' | 'wake'>;

/** The runs that this process holds, with their leases. */
export interface Hold {
  /** Works under the run's lease. Work on it under an earlier one, which this process has lost to itself, is aborted. */
  keep<T>(run: KeptRun, work: (hearing: Hearing) => Promise<T>): Promise<T>;
  /** Something has come for the run; false where it is not held here. */
  tell(run: string): boolean;
  /** Extends all leases; work on runs that are lost is aborted. */
  extend(): Promise<void>;
  /** Waits until nothing is held, at most `patienceMs`; then gives back what is left. */
  drain(patienceMs: number): Promise<void>;
}

interface Held {
  readonly run: string;
  readonly tenant: string;
  readonly token: number;
  readonly lost: AbortController;
  /** As of the last extension. */
  wake: number;
  /** Something has come, and nobody has noted it yet. */
  hasNews: boolean;
  listener: () => void;
}

export function createHold({ leaseDatabase: database, leaseMs }: Pick<Foundation, 'leaseDatabase' | 'leaseMs'>): Hold {
  const held = new Map<string, Held>();
  const idle = Promise.withResolvers<void>();
  let draining = false;
  const tenants = () => [...new Set([...held.values()].map((one) => one.tenant))];

  return {
    async keep({ id, tenant, token, wake }, work) {
      const one: Held = {
        run: id,
        tenant,
        token,
        lost: new AbortController(),
        wake,
        hasNews: false,
        listener: () => undefined,
      };
      const earlier = held.get(id);
      if (earlier) lose(earlier);
      held.set(id, one);
      try {
        return await work(hearingOf(one));
      } finally {
        if (held.get(id) === one) held.delete(id);
        if (draining && held.size === 0) idle.resolve();
      }
    },
    tell(run) {
      const one = held.get(run);
      if (one) tell(one);
      return one !== undefined;
    },
    async extend() {
      const runs = [...held.values()];
      if (runs.length === 0) return;
      const kept = await database.byIndex.asTenants(tenants(), (tx) => extendLeases(tx, runs, leaseMs));
      for (const one of runs) notice(one, kept.get(one.run));
    },
    async drain(patienceMs) {
      draining = true;
      if (held.size > 0) await Promise.race([idle.promise, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
      const runs = [...held.values()];
      for (const one of runs) lose(one);
      if (runs.length > 0) await database.byIndex.asTenants(tenants(), (tx) => giveBack(tx, runs));
    },
  };
}

function hearingOf(one: Held): Hearing {
  return {
    lost: one.lost.signal,
    news: () =>
      new Promise((resolve) => {
        one.listener = resolve;
        if (one.hasNews || one.lost.signal.aborted) resolve();
      }),
    noted: () => {
      one.hasNews = false;
    },
  };
}

function tell(one: Held): void {
  one.hasNews = true;
  one.listener();
}

function lose(one: Held): void {
  one.lost.abort(new LeaseLost(one.run));
  one.listener();
}

/** What another process has stored for the run is noticed here. */
function notice(one: Held, found: HeldRun | undefined): void {
  if (found?.token !== one.token) {
    lose(one);
    return;
  }
  if (found.cancel || found.wake > one.wake) tell(one);
  one.wake = found.wake;
}
