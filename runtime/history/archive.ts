import type { Database } from '../postgres/database.ts';
import { archiveRuns } from '../postgres/history/archive-runs.ts';
import { findArchivable, makePartsFor, type OverRun } from '../postgres/history/find-over.ts';

/** Runs of one transaction: enough to be quick, few enough that nobody waits for their rows. */
const batch = 500;

/**
 * Moves all runs that are over, and have been for so long, from the live tables into the archive. Several processes may do
 * it at once: none takes what another holds.
 * @returns how many
 */
export async function archiveOver(database: Database, olderThanMs: number): Promise<number> {
  let total = 0;
  for (;;) {
    const over = await nextOver(database, olderThanMs);
    const moved = over.length > 0 ? await move(database, over, olderThanMs) : 0;
    total += moved;
    if (moved === 0) return total;
  }
}

async function nextOver(database: Database, olderThanMs: number): Promise<OverRun[]> {
  return database.byIndex.asScanner(async (tx) => {
    const over = await findArchivable(tx, olderThanMs, batch);
    if (over.length > 0) await makePartsFor(tx, over);
    return over;
  });
}

function move(database: Database, over: readonly OverRun[], olderThanMs: number): Promise<number> {
  const tenants = [...new Set(over.map(({ tenant }) => tenant))];
  return database.byIndex.asTenants(tenants, (tx) => archiveRuns(tx, over, olderThanMs));
}
