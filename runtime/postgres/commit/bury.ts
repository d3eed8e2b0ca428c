import type { ErrorData } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { BurstWrites } from './burst-writes.ts';

/** Runs that fail become dead letters, for people to deal with; one that had been redriven is open again. */
export async function bury(tx: Tx, bursts: readonly BurstWrites[]): Promise<void> {
  const failed = bursts.flatMap(({ run, tenant, environment, flowId, next }) =>
    typeof next === 'object' && next.status === 'failed'
      ? [{ run, tenant, environment, flowId, step: next.step ?? null, ...shown(next.error) }]
      : [],
  );
  if (failed.length === 0) return;
  await sql`
    insert into millrace.dead_letter (run_id, tenant_id, environment, flow_id, category, code, message, step)
    select run, tenant, environment, "flowId", category, code, message, step from json_to_recordset(${rows(failed)}) as new
      (run uuid, tenant uuid, environment text, "flowId" text, category text, code text, message text, step text)
    on conflict (run_id) do update set
      category = excluded.category, code = excluded.code, message = excluded.message, step = excluded.step,
      state = 'open', at = excluded.at, settled_at = null, settled_by = null, note = null`.execute(tx);
}

function shown({ category, code, message }: ErrorData) {
  return { category, code, message };
}
