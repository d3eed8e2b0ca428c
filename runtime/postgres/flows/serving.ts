import type { FlowDocument } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { Deployment } from './deployments.ts';

/** What serves in an environment: the deployment and its document. */
export interface Serving {
  readonly deployment: Deployment;
  readonly document: FlowDocument;
}

export async function loadServing(tx: Tx, environment: string, flowId: string): Promise<Serving | undefined> {
  const { rows } = await sql<Deployment & Pick<Serving, 'document'>>`
    select d.tenant_id as tenant, environment, d.flow_id as "flowId", version, parameters, connections, document
    from millrace.deployment d join millrace.flow_version v on v.tenant_id = d.tenant_id and hash = version
    where environment = ${environment} and d.flow_id = ${flowId}`.execute(tx);
  const [found] = rows;
  if (!found) return undefined;
  const { document, ...deployment } = found;
  return { deployment, document };
}
