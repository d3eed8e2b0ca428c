import type { FlowDocument, RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly updatedAt: Date;
  /** The draft's document and record types; a draft may be wrong in every way. */
  readonly document: FlowDocument;
  readonly records: readonly RecordType[] | null;
  readonly deployedVersion: string | null;
  readonly deployedAt: Date | null;
}

/** All flows of the tenant with what is deployed of them in the environment, by name. */
export async function listFlows(tx: Tx, environment: string): Promise<FlowRow[]> {
  const { rows } = await sql<FlowRow>`
    select flow.id, flow.name, flow.revision, flow.updated_at as "updatedAt",
      flow.draft -> 'flow' as document, flow.draft -> 'records' as records,
      deployment.version as "deployedVersion", deployment.deployed_at as "deployedAt"
    from millrace.flow
    left join millrace.deployment on deployment.tenant_id = flow.tenant_id and deployment.flow_id = flow.id
      and deployment.environment = ${environment}
    order by lower(flow.name), flow.id`.execute(tx);
  return rows;
}
