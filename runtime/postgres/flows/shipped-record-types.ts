import type { RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A record type as a deployed flow has it. */
export interface ShippedRecordType {
  readonly flowId: string;
  readonly type: RecordType;
}

/** The record types of these ids, as other flows that are deployed have them, by flow. */
export async function loadShippedRecordTypes(
  tx: Tx,
  ids: readonly string[],
  otherThan: string,
): Promise<ShippedRecordType[]> {
  const { rows } = await sql<ShippedRecordType>`
    select flow.id as "flowId", type
    from millrace.flow cross join lateral json_array_elements(draft->'records') as type
    where flow.id <> ${otherThan} and type->>'id' = any(${ids}::text[])
      and exists (select from millrace.deployment where (tenant_id, flow_id) = (flow.tenant_id, flow.id))
    order by flow.id`.execute(tx);
  return rows;
}
