import type { JsonObject } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';
import { type Route, replaceRoutes } from './routes.ts';

export type { Route } from './routes.ts';

export interface Deployment {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  readonly version: string;
  readonly parameters: JsonObject;
  /** Slot → connection id. */
  readonly connections: Readonly<Record<string, string>>;
}

/** One that is there, and how it stands. */
export interface StandingDeployment extends Deployment {
  readonly deployedAt: Date;
  readonly paused: boolean;
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
  await replaceRoutes(tx, deployment, derived.routes);
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
): Promise<StandingDeployment | undefined> {
  const { rows: found } = await sql<StandingDeployment>`
    select tenant_id as tenant, environment, flow_id as "flowId", version, parameters, connections,
      deployed_at as "deployedAt", paused_at is not null as paused
    from millrace.deployment where environment = ${environment} and flow_id = ${flowId}`.execute(tx);
  return found[0];
}

/** All that serves for the tenant. */
export async function listServing(tx: Tx): Promise<Deployment[]> {
  const { rows: found } = await sql<Deployment>`
    select tenant_id as tenant, environment, flow_id as "flowId", version, parameters, connections
    from millrace.deployment order by environment, flow_id`.execute(tx);
  return found;
}

/** With it goes what was derived from it: routes, schedules, sources and subscriptions. */
export async function removeDeployment(tx: Tx, environment: string, flowId: string): Promise<void> {
  await sql`delete from millrace.deployment where environment = ${environment} and flow_id = ${flowId}`.execute(tx);
}
