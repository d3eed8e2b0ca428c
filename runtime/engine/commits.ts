import type { Metrics } from '../metrics/metrics.ts';
import type { BurstWrites } from '../postgres/commit/burst-writes.ts';
import { type Committed, commitBursts } from '../postgres/commit/commit-bursts.ts';
import { landed } from '../postgres/commit/landed.ts';
import type { Database } from '../postgres/database.ts';
import type { WakeUp } from '../postgres/runs/find-ready.ts';
import { crashPoint } from './crash-points.ts';
import { createGroup } from './group.ts';

/** Makes durable what bursts owe; bursts that end together share a transaction. */
export interface Commits {
  /**
   * @throws {MillraceError} `RECORD_CONFLICT`, `WAIT_TAKEN`
   */
  add(burst: BurstWrites): Promise<Committed>;
}

/** Bursts of one transaction at most. */
const most = 100;
/** While the database is away, a burst asks again for as long as its lease may hold. */
const pauseMs = 200;

/** @param onReady takes the runs that a commit has started or woken */
export function createCommits(
  database: Database,
  metrics: Metrics,
  onReady: (ready: readonly WakeUp[]) => void,
): Commits {
  const group = createGroup<BurstWrites, Committed>(write, { most, keysOf: recordKeys });

  return {
    async add(burst) {
      const patience = performance.now() + burst.lease.ms;
      for (;;) {
        try {
          return await group.add(burst);
        } catch (error) {
          if (!isLostConnection(error)) throw error;
          const known = await whetherLanded(burst, error, patience);
          if (known) return known;
        }
      }
    },
  };

  async function write(bursts: readonly BurstWrites[]): Promise<Committed[]> {
    crashPoint('commit.before');
    const committed = await database.asTenants([...new Set(bursts.map(({ tenant }) => tenant))], async (tx) => {
      const outcomes = await commitBursts(tx, bursts);
      crashPoint('commit.inside');
      return outcomes;
    });
    crashPoint('commit.after');
    metrics.committed(bursts.length);
    if (committed.ready.length > 0) onReady(committed.ready);
    return bursts.map(({ run }) => committed.outcomes.get(run) as Committed);
  }

  /** A commit whose answer was lost may have happened: the run's row tells. Nothing: it has not, and is tried again. */
  async function whetherLanded(burst: BurstWrites, error: unknown, patience: number): Promise<Committed | undefined> {
    for (;;) {
      if (performance.now() > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      try {
        return await database.asTenants([burst.tenant], (tx) => landed(tx, burst));
      } catch (again) {
        if (!isLostConnection(again)) throw again;
      }
    }
  }
}

/** Two bursts that write the same record come one after the other: the second finds that it has changed. */
function recordKeys({ tenant, environment, records }: BurstWrites): string[] {
  return records.map(({ type, id }) => JSON.stringify([tenant, environment, type, id]));
}

/** The server ended the connection or is not there (SQLSTATE classes 08 and 57), or the network broke it. */
export function isLostConnection(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    /^(08|57P|E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_))/.test(String(code)) ||
    /Connection terminated|connection timeout|Connection ended|Query read timeout|timeout exceeded when trying to connect/i.test(
      String(message),
    )
  );
}
