import type { Database } from '../postgres/database.ts';
import { holdBack } from '../postgres/flows/hold-back.ts';
import { letGo } from '../postgres/flows/let-go.ts';

/** Runs of one transaction: so few that nobody waits for their rows. */
const batch = 500;

/**
 * Pausing and resuming a flow touches none of its runs. They follow here, each batch in a transaction of its own: what is
 * ready and whose flow is paused is held back, and what is held back without reason is let go.
 * @returns how many were let go
 */
export async function followPauses(database: Database, isStopping: () => boolean): Promise<number> {
  let released = 0;
  for (let last = batch; last === batch && !isStopping(); released += last)
    last = await database.byIndex.asScanner((tx) => letGo(tx, batch));
  for (let last = 1; last > 0 && !isStopping(); ) last = await database.byIndex.asScanner((tx) => holdBack(tx, batch));
  return released;
}
