import { extendLeases } from '../postgres/runs/extend-leases.ts';
import { giveBack } from '../postgres/runs/give-back.ts';
import type { Foundation } from './engine.ts';

interface Held {
  readonly run: string;
  readonly tenant: string;
  readonly token: number;
  readonly abort: AbortController;
}

/** The runs that this process holds, with their leases. */
export interface Hold {
  /** Works under the run's lease; the signal aborts when somebody else has taken the run. */
  keep<T>(run: { id: string; tenant: string; token: number }, work: (abort: AbortController) => Promise<T>): Promise<T>;
  /** Extends all leases; work on runs that are lost is aborted. */
  extend(): Promise<void>;
  /** Waits until nothing is held, at most `patienceMs`; then gives back what is left. */
  drain(patienceMs: number): Promise<void>;
}

export function createHold({ leaseDatabase: database, leaseMs }: Foundation): Hold {
  const held = new Set<Held>();
  const idle = Promise.withResolvers<void>();
  let draining = false;
  const byTenant = () => Map.groupBy(held, (one) => one.tenant);

  return {
    async keep({ id, tenant, token }, work) {
      const one = { run: id, tenant, token, abort: new AbortController() };
      held.add(one);
      try {
        return await work(one.abort);
      } finally {
        held.delete(one);
        if (draining && held.size === 0) idle.resolve();
      }
    },
    async extend() {
      for (const [tenant, runs] of byTenant()) {
        const kept = await database.asTenants([tenant], (tx) => extendLeases(tx, runs, leaseMs));
        for (const one of runs) if (kept.get(one.run) !== one.token) one.abort.abort();
      }
    },
    async drain(patienceMs) {
      draining = true;
      if (held.size > 0) await Promise.race([idle.promise, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
      for (const [tenant, runs] of byTenant()) {
        for (const one of runs) one.abort.abort();
        await database.asTenants([tenant], (tx) => giveBack(tx, runs));
      }
    },
  };
}
