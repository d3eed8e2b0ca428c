import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { BurstWrites } from './burst-writes.ts';

/** Gives back the runs for which nothing new has come since their inbox was loaded. */
export async function park(tx: Tx, bursts: readonly BurstWrites[]): Promise<Set<string>> {
  if (bursts.length === 0) return new Set();
  const values = bursts.map(({ run, wakeSeen }) => ({ run, wakeSeen }));
  const { rows: parked } = await sql<{ id: string }>`
    update millrace.run set status = 'waiting', lease_holder = null, lease_until = null
    from json_to_recordset(${rows(values)}) as new (run uuid, "wakeSeen" int)
    where run.id = new.run and run.wake = new."wakeSeen" and not run.cancel
    returning run.id`.execute(tx);
  return new Set(parked.map((row) => row.id));
}
