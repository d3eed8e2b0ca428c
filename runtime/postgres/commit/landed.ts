import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { BurstWrites } from './burst-writes.ts';
import type { Outcome } from './commit-bursts.ts';

/**
 * What became of a commit whose answer was lost. Nothing: it did not happen. Each commit raises the run's revision, so
 * that one which is higher under the same token is ours. Under another token the run went on without us, be it from our
 * commit or from the one before: it is not ours to tell how.
 */
export async function landed(
  tx: Tx,
  { run, token, revision, next }: Pick<BurstWrites, 'run' | 'token' | 'revision' | 'next'>,
): Promise<Outcome | undefined> {
  const { rows } = await sql<{ token: number; revision: number; cancel: boolean; leased: boolean }>`
    select token, revision, cancel, lease_until is not null as leased
    from millrace.run where id = ${run}`.execute(tx);
  const [found] = rows;
  if (found?.token !== token || found.revision < revision) return 'stale';
  if (found.revision === revision) return undefined;
  if (typeof next === 'object') return 'ended';
  if (next === 'park' && !found.leased) return 'parked';
  return found.cancel ? 'cancel' : 'continue';
}
