import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly updatedAt: Date;
  readonly description: string | null;
  /** The version that the draft would be; null where that was never found out. */
  readonly content: string | null;
  readonly deployedVersion: string | null;
  readonly deployedAt: Date | null;
  readonly paused: boolean;
  /** What the flow was made of; null where it is no clone. */
  readonly template: string | null;
  readonly templateVersion: string | null;
}

/** All flows of the tenant with what is deployed of them in the environment, by name. */
export async function listFlows(tx: Tx, environment: string): Promise<FlowRow[]> {
  const { rows } = await sql<FlowRow>`
    select flow.id, flow.name, flow.revision, flow.updated_at as "updatedAt",
      flow.draft -> 'flow' ->> 'description' as description, flow.content,
      deployment.version as "deployedVersion", deployment.deployed_at as "deployedAt",
      deployment.paused_at is not null as paused, clone.template, clone.version as "templateVersion"
    from millrace.flow
    left join millrace.deployment on deployment.tenant_id = flow.tenant_id and deployment.flow_id = flow.id
      and deployment.environment = ${environment}
    left join millrace.clone on clone.tenant_id = flow.tenant_id and clone.flow_id = flow.id
    order by lower(flow.name), flow.id`.execute(tx);
  return rows;
}
