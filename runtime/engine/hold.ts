import { extendLeases, type HeldRun } from '../postgres/runs/extend-leases.ts';
import { giveBack } from '../postgres/runs/give-back.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';
import type { Foundation } from './engine.ts';

/** What the work on a run hears from outside. */
export interface Hearing {
  /** Aborted when somebody else has taken the run, or this process gives it back. */
  readonly abort: AbortController;
  /** Resolves when something has come for the run since the last news; only the latest promise does. */
  news(): Promise<void>;
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
  readonly abort: AbortController;
  /** As of the last extension. */
  wake: number;
  /** Something has come, and nobody has been told yet. */
  hasNews: boolean;
  listener: (() => void) | undefined;
}

export function createHold({ leaseDatabase: database, leaseMs }: Foundation): Hold {
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
        abort: new AbortController(),
        wake,
        hasNews: false,
        listener: undefined,
      };
      held.get(id)?.abort.abort();
      held.set(id, one);
      try {
        return await work({ abort: one.abort, news: () => newsOf(one) });
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
      for (const one of runs) one.abort.abort();
      if (runs.length > 0) await database.byIndex.asTenants(tenants(), (tx) => giveBack(tx, runs));
    },
  };
}

function newsOf(one: Held): Promise<void> {
  return new Promise((resolve) => {
    one.listener = () => {
      one.hasNews = false;
      one.listener = undefined;
      resolve();
    };
    if (one.hasNews) one.listener();
  });
}

function tell(one: Held): void {
  one.hasNews = true;
  one.listener?.();
}

/** What another process has stored for the run is noticed here. */
function notice(one: Held, found: HeldRun | undefined): void {
  if (found?.token !== one.token) {
    one.abort.abort();
    return;
  }
  if (found.cancel || found.wake > one.wake) tell(one);
  one.wake = found.wake;
}
