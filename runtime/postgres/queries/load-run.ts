import type { Json, JsonObject } from '@millrace/contract';
import type { FlowDocument, FlowLayout } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { type RunRow, runColumns } from './list-runs.ts';

export interface RunDetailRow extends RunRow {
  /** The version that it runs on, which may not be the deployed one any more. */
  readonly document: FlowDocument;
  readonly layout: FlowLayout;
  readonly trigger: { readonly payload: Json; readonly meta: JsonObject };
  readonly parameters: JsonObject;
  readonly output: Json;
  /** The run whose idempotency keys it uses, of a replay. */
  readonly origin: string | null;
}

export async function loadRun(tx: Tx, id: string): Promise<RunDetailRow | undefined> {
  const { rows } = await sql<RunDetailRow>`
    select ${runColumns}, version.document, version.layout, run.trigger, run.parameters, run.output, run.origin
    from millrace.all_runs as run
    join millrace.flow_version as version on version.tenant_id = run.tenant_id and version.hash = run.version
    left join millrace.flow on flow.tenant_id = run.tenant_id and flow.id = run.flow_id
    where run.id = ${id}`.execute(tx);
  return rows[0];
}
