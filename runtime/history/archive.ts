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
  // What was called goes when what called it is gone, and may stand before that.
  for (let moved = 1; moved > 0; total += moved) moved = await onePass(database, olderThanMs);
  return total;
}

/** From the one that is over for longest to the last; behind many that have to stay none is looked at twice. */
async function onePass(database: Database, olderThanMs: number): Promise<number> {
  let total = 0;
  let after: OverRun | undefined;
  do {
    const over = await nextOver(database, olderThanMs, after);
    if (over.length > 0) total += await move(database, over, olderThanMs);
    after = over.length === batch ? over.at(-1) : undefined;
  } while (after);
  return total;
}

async function nextOver(database: Database, olderThanMs: number, after: OverRun | undefined): Promise<OverRun[]> {
  return database.byIndex.asScanner(async (tx) => {
    const over = await findArchivable(tx, { olderThanMs, limit: batch, after });
    if (over.length > 0) await makePartsFor(tx, over);
    return over;
  });
}

function move(database: Database, over: readonly OverRun[], olderThanMs: number): Promise<number> {
  const tenants = [...new Set(over.map(({ tenant }) => tenant))];
  return database.byIndex.asTenants(tenants, (tx) => archiveRuns(tx, over, olderThanMs));
}
