import type { Metrics } from '../metrics/metrics.ts';
import type { BurstWrites } from '../postgres/commit/burst-writes.ts';
import { type Committed, commitBursts, mailboxesOf } from '../postgres/commit/commit-bursts.ts';
import { landed } from '../postgres/commit/landed.ts';
import type { Database } from '../postgres/database.ts';
import type { WakeUp } from '../postgres/runs/wake-up.ts';
import { mailboxName } from '../postgres/signals/lock-mailboxes.ts';
import { burstSize } from './burst-size.ts';
import { writeForCertain } from './certain-write.ts';
import { crashPoint } from './crash-points.ts';
import { createGroup } from './group.ts';
import type { KeysInUse } from './keys-in-use.ts';

/** Makes durable what bursts owe; bursts that end together share a transaction. */
export interface Commits {
  /**
   * @throws {MillraceError} `RECORD_CONFLICT`, `WAIT_TAKEN`
   */
  add(burst: BurstWrites): Promise<Committed>;
}

/** Bursts of one transaction at most. */
const most = 100;
/** Characters that they write, roughly: a statement is one text, and a copy of it is on its way. */
const size = { most: 8 * 1024 * 1024, of: burstSize };
/**
 * Runs, records and mailboxes of one transaction at most. Each mailbox is a lock until the commit, and by default the server
 * has room for 6,400 locks of all its transactions together (`max_locks_per_transaction` × `max_connections`).
 */
const mostKeys = 2_000;

/**
 * @param inUse mailboxes that somebody in this process has locked
 * @param onReady takes the runs that a commit has started or woken
 */
export function createCommits(
  database: Database,
  metrics: Metrics,
  inUse: KeysInUse,
  onReady: (ready: readonly WakeUp[]) => void,
): Commits {
  const group = createGroup<BurstWrites, Committed>(write, { most, size, mostKeys, keysOf, inUse });

  return {
    // A burst's lease may last that long.
    add: (burst) =>
      writeForCertain({
        write: (alone) => (alone ? group.alone(burst) : group.add(burst)),
        landed: () => landedBefore(burst),
        isRefusal: ({ outcome }) => outcome === 'stale',
        patienceMs: burst.lease.ms,
      }),
  };

  async function write(bursts: readonly BurstWrites[]): Promise<Committed[]> {
    crashPoint('commit.before');
    const { committed, ready } = await database.byIndex.asTenants(
      [...new Set(bursts.map(({ tenant }) => tenant))],
      async (tx) => {
        const result = await commitBursts(tx, bursts);
        crashPoint('commit.inside');
        return result;
      },
    );
    crashPoint('commit.after');
    metrics.committed(bursts.length);
    if (ready.length > 0) onReady(ready);
    return bursts.map(({ run }) => committed.get(run) as Committed);
  }

  async function landedBefore(burst: BurstWrites): Promise<Committed | undefined> {
    const outcome = await database.byIndex.asTenants([burst.tenant], (tx) => landed(tx, burst));
    return outcome && { outcome };
  }
}

/**
 * Two bursts that write the same record come one after the other: the second finds that it has changed. So do two of the
 * same run, of which one has lost its lease.
 */
function keysOf(burst: BurstWrites): string[] {
  const { run, tenant, environment, records } = burst;
  const recordKeys = records.map(({ type, id }) => JSON.stringify(['record', tenant, environment, type, id]));
  return [run, ...recordKeys, ...mailboxesOf(burst).map(mailboxName)];
}
