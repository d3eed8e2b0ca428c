import type { FlowBundle } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export type ServingBundle = Pick<FlowBundle, 'flow' | 'tables' | 'mappings'>;

/** Every flow that serves in an environment, with its tables and mappings, as its version has them, by id. */
export async function servingBundles(tx: Tx, tenant: string, environment: string): Promise<ServingBundle[]> {
  const { rows: found } = await sql<Required<ServingBundle>>`
    select document as flow, coalesce(tables, '[]') as tables, coalesce(mappings, '[]') as mappings
    from millrace.deployment as d join millrace.flow_version as v
      on (v.tenant_id, v.hash, v.flow_id) = (d.tenant_id, d.version, d.flow_id)
    where d.tenant_id = ${tenant} and d.environment = ${environment} order by d.flow_id`.execute(tx);
  return found;
}
