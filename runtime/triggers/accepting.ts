import type { Taking } from '../engine/taking.ts';
import type { Tx } from '../postgres/database.ts';
import { type Accepted, acceptRuns, type NewRun } from '../postgres/runs/accept-runs.ts';
import type { Lease } from '../postgres/runs/take-runs.ts';

/** Stores runs within the transaction. */
export type Accept = (runs: readonly NewRun[]) => Promise<Accepted[]>;

/** Transactions that accept runs together with what else they write: all of it holds, or none. */
export interface Accepting {
  /** The accepted runs start here, as far as there are places, once the transaction has committed. */
  transaction<T>(tenants: readonly string[], work: (tx: Tx, accept: Accept) => Promise<T>): Promise<T>;
}

/** @param announce is told of every new run once it is durable */
export function createAccepting(
  taking: Pick<Taking, 'transaction'>,
  lease: Lease,
  announce: (run: Pick<NewRun, 'tenant' | 'flowId'>, id: string) => void,
): Accepting {
  return {
    async transaction(tenants, work) {
      const announcements: (() => void)[] = [];
      const result = await taking.transaction(tenants, (tx, hands) =>
        work(tx, async (runs) => {
          const entries = runs.map((run) => ({ run, leased: hands.admit(run.tenant) }));
          const stored = await acceptRuns(tx, entries, lease);
          for (const [index, { run: id, duplicate, taken }] of stored.entries()) {
            if (taken) hands.begin(taken);
            else if (!duplicate) hands.leave({ run: id, tenant: (runs[index] as NewRun).tenant });
            if (!duplicate) announcements.push(() => announce(runs[index] as NewRun, id));
          }
          return stored.map(({ run, duplicate }) => ({ run, duplicate }));
        }),
      );
      for (const tell of announcements) tell();
      return result;
    },
  };
}
