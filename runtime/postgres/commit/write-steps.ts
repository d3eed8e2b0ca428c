import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

export async function writeSteps(tx: Tx, steps: readonly Owned<'steps'>[]): Promise<void> {
  if (steps.length === 0) return;
  await sql`
    insert into millrace.step
      (run_id, key, tenant_id, node, status, attempts, started_at, finished_at, port, input,
       input_from, passes_on, output, error, next_retry_at)
    select run, key, tenant, node, status, attempts, "startedAt", "finishedAt", port, input,
      "inputFrom", coalesce("passesOn", false), output, error, "nextRetryAt"
    from json_to_recordset(${rows(steps)}) as new
      (run uuid, key text, tenant uuid, node text, status text, attempts int, "startedAt" timestamptz,
       "finishedAt" timestamptz, port text, input json, "inputFrom" json, "passesOn" boolean, output json, error json, "nextRetryAt" timestamptz)
    on conflict (run_id, key) do update set
      status = excluded.status, attempts = excluded.attempts, finished_at = excluded.finished_at, port = excluded.port,
      input = coalesce(excluded.input, step.input), input_from = coalesce(excluded.input_from, step.input_from),
      passes_on = excluded.passes_on, output = excluded.output, error = excluded.error,
      next_retry_at = excluded.next_retry_at`.execute(tx);
}
