import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

export async function settleSignals(tx: Tx, signals: readonly Owned<'signals'>[]): Promise<void> {
  if (signals.length === 0) return;
  await sql`
    update millrace.signal set state = new.state, reason = new.reason,
      wait_id = case when new.state <> 'kept' then wait_id end, run_id = case when new.state <> 'kept' then run_id end
    from json_to_recordset(${rows(signals)}) as new (id uuid, state text, reason text)
    where signal.id = any(${signals.map(({ id }) => id)}::uuid[]) and signal.id = new.id`.execute(tx);
}
