import type { JsonObject } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json, rows } from '../json.ts';

export interface Deployment {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  readonly version: string;
  readonly parameters: JsonObject;
  /** Slot → connection id. */
  readonly connections: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly node: string;
}

/** Puts a version into an environment; its routes and record types are derived with it. */
export async function deploy(
  tx: Tx,
  deployment: Deployment,
  derived: { routes: readonly Route[]; recordTypes: readonly RecordType[] },
): Promise<void> {
  const { tenant, environment, flowId } = deployment;
  await sql`
    insert into millrace.deployment (tenant_id, environment, flow_id, version, parameters, connections)
    values (${tenant}, ${environment}, ${flowId}, ${deployment.version}, ${json(deployment.parameters)},
      ${json(deployment.connections)})
    on conflict (tenant_id, environment, flow_id) do update set
      version = excluded.version, parameters = excluded.parameters, connections = excluded.connections,
      deployed_at = millrace.now()`.execute(tx);
  await sql`
    delete from millrace.webhook_route where environment = ${environment} and flow_id = ${flowId}`.execute(tx);
  await sql`
    insert into millrace.webhook_route (tenant_id, environment, method, path, flow_id, node)
    select ${tenant}, ${environment}, method, path, ${flowId}, node
    from json_to_recordset(${rows(derived.routes)}) as route (method text, path text, node text)`.execute(tx);
  await saveRecordTypes(tx, { tenant, environment }, derived.recordTypes);
}

export async function saveRecordTypes(
  tx: Tx,
  { tenant, environment }: { tenant: string; environment: string },
  types: readonly RecordType[],
): Promise<void> {
  for (const type of types)
    await sql`
      insert into millrace.record_type (tenant_id, environment, id, definition)
      values (${tenant}, ${environment}, ${type.id}, ${json(type)})
      on conflict (tenant_id, environment, id) do update set
        definition = excluded.definition, updated_at = millrace.now()`.execute(tx);
}

export async function loadDeployment(
  tx: Tx,
  environment: string,
  flowId: string,
): Promise<(Deployment & { deployedAt: Date }) | undefined> {
  const { rows: found } = await sql<Deployment & { deployedAt: Date }>`
    select tenant_id as tenant, environment, flow_id as "flowId", version, parameters, connections,
      deployed_at as "deployedAt"
    from millrace.deployment where environment = ${environment} and flow_id = ${flowId}`.execute(tx);
  return found[0];
}

/** Whose webhook this is. Scanner's transaction, since the tenant is not known yet. */
export async function findRoute(
  tx: Tx,
  address: { slug: string; environment: string; method: string; path: string },
): Promise<{ tenant: string; flowId: string; node: string } | undefined> {
  const { rows: found } = await sql<{ tenant: string; flowId: string; node: string }>`
    select tenant.id as tenant, route.flow_id as "flowId", route.node
    from millrace.tenant join millrace.webhook_route as route on route.tenant_id = tenant.id
    where tenant.slug = ${address.slug} and route.environment = ${address.environment}
      and route.method = ${address.method} and route.path = ${address.path}`.execute(tx);
  return found[0];
}
