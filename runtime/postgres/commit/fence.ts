import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { BurstWrites } from './burst-writes.ts';

/** Writes the run rows whose token still holds, and locks them until the commit. Answers whether each is to be cancelled. */
export async function fence(tx: Tx, bursts: readonly BurstWrites[]): Promise<Map<string, boolean>> {
  const values = bursts.map(({ run, token, state, next, leaseMs }) => ({
    run,
    token,
    state,
    leaseMs,
    status: typeof next === 'object' ? next.status : 'running',
    output: typeof next === 'object' && next.status === 'succeeded' ? next.output : null,
    error: typeof next === 'object' && next.status === 'failed' ? next.error : null,
  }));
  const { rows: fenced } = await sql<{ id: string; cancel: boolean }>`
    update millrace.run set
      state = new.state, status = new.status, output = new.output, error = new.error, updated_at = millrace.now(),
      finished_at = case when new.status <> 'running' then millrace.now() end,
      lease_holder = case when new.status = 'running' then lease_holder end,
      lease_until = case when new.status = 'running' then millrace.now() + new."leaseMs" * interval '1 ms' end
    from json_to_recordset(${rows(values)}) as new
      (run uuid, token int, state json, status text, output json, error json, "leaseMs" int)
    where run.id = new.run and run.token = new.token and run.status = 'running'
    returning run.id, run.cancel`.execute(tx);
  return new Map(fenced.map((row) => [row.id, row.cancel]));
}
