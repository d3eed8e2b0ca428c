import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { SignalState, StoredSignal } from './store-signals.ts';

/** A stored signal, with the run that it is to wake as long as that has not looked at it. */
export async function findSignal(tx: Tx, id: string, tenant: string): Promise<StoredSignal | undefined> {
  const { rows } = await sql<{ state: SignalState; run: string | null }>`
    select state, run_id as run from millrace.signal where id = ${id}`.execute(tx);
  const [found] = rows;
  if (!found) return undefined;
  const { state, run } = found;
  return { id, state, ...(state === 'matched' && run !== null && { wakeUp: { run, tenant } }) };
}
