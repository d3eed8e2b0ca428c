import type { RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A record type as a deployed flow has it. */
export interface ShippedRecordType {
  readonly flowId: string;
  readonly type: RecordType;
}

/** The record types of these ids, as what serves of other flows has them, by flow. */
export async function loadShippedRecordTypes(
  tx: Tx,
  ids: readonly string[],
  otherThan: string,
): Promise<ShippedRecordType[]> {
  const { rows } = await sql<ShippedRecordType>`
    select distinct on (deployment.flow_id, type->>'id') deployment.flow_id as "flowId", type
    from millrace.deployment
    join millrace.flow_version on (flow_version.tenant_id, hash) = (deployment.tenant_id, version)
    cross join lateral json_array_elements(records) as type
    where deployment.flow_id <> ${otherThan} and type->>'id' = any(${ids}::text[])
    order by deployment.flow_id, type->>'id', environment`.execute(tx);
  return rows;
}
