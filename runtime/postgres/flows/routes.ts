import { MillraceError } from '@millrace/contract';
import { sql } from 'kysely';
import { routeProblems } from '../../triggers/webhook/route-problems.ts';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Tenant } from '../tenants/tenants.ts';
import { together } from '../together.ts';
import type { FlowPlace } from './flow-place.ts';

/** An address that a trigger of a flow asks for. */
export interface Route {
  readonly method: string;
  /** Segments between slashes; `:name` stands for any one. */
  readonly path: string;
  /** The trigger's node. */
  readonly node: string;
}

/**
 * Puts the flow's routes in place of those it had. To be called in the transaction that has written the deployment: that
 * write holds the lock under which a tenant's addresses change, so that no other deployment comes between look and write.
 * @throws {MillraceError} `ROUTE_TAKEN` with every address that another flow serves, or that crosses one of another flow
 */
export async function replaceRoutes(
  tx: Tx,
  { tenant, environment, flowId }: FlowPlace,
  routes: readonly Route[],
): Promise<void> {
  const problems = routeProblems(routes, await routesOfOthers(tx, environment, flowId));
  const [first] = problems;
  if (first)
    throw new MillraceError('ROUTE_TAKEN', 'A webhook address of the flow is taken.', {
      problems,
      pointer: first.pointer,
    });
  await sql`
    delete from millrace.webhook_route where environment = ${environment} and flow_id = ${flowId}`.execute(tx);
  await sql`
    insert into millrace.webhook_route (tenant_id, environment, method, path, flow_id, node)
    select ${tenant}, ${environment}, method, path, ${flowId}, node
    from json_to_recordset(${rows(routes)}) as route (method text, path text, node text)`.execute(tx);
}

/** Frees the addresses of flows that are all about to get new ones, so that they can take them from each other. */
export async function releaseRoutes(tx: Tx, environment: string, flowIds: readonly string[]): Promise<void> {
  await sql`
    delete from millrace.webhook_route where environment = ${environment} and flow_id = any(${flowIds})`.execute(tx);
}

/** Addresses that other flows of the tenant serve in the environment. */
export async function routesOfOthers(tx: Tx, environment: string, flowId: string): Promise<(Route & { by: string })[]> {
  const { rows: others } = await sql<Route & { by: string }>`
    select method, path, node, flow_id as by from millrace.webhook_route
    where environment = ${environment} and flow_id <> ${flowId}`.execute(tx);
  return others;
}

/** A tenant's addresses in an environment. */
export interface TenantRoutes {
  readonly tenant: Pick<Tenant, 'id' | 'slug' | 'timeZone'>;
  /** Of what serves: it was at most as new as the routes. */
  readonly revision: number;
  readonly routes: readonly (Route & { readonly flowId: string })[];
}

/** Scanner's transaction, since the tenant is not known yet. The revision is read first: what is newer is read again. */
export async function loadRoutes(tx: Tx, slug: string, environment: string): Promise<TenantRoutes | undefined> {
  const [{ rows: found }, { rows: routes }] = await together([
    sql<TenantRoutes['tenant'] & { revision: number }>`
      select id, slug, time_zone as "timeZone", coalesce(revision, 0) as revision
      from millrace.tenant left join millrace.serving_revision on tenant_id = id where slug = ${slug}`.execute(tx),
    sql<TenantRoutes['routes'][number]>`
      select method, path, node, flow_id as "flowId"
      from millrace.webhook_route join millrace.tenant on tenant_id = id
      where slug = ${slug} and environment = ${environment}`.execute(tx),
  ]);
  if (!found[0]) return undefined;
  const { revision, ...tenant } = found[0];
  return { tenant, revision, routes };
}

/** By tenant: of what serves for it now; a tenant for which nothing ever has is not in it. Scanner's transaction. */
export async function loadServingRevisions(tx: Tx, tenants: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows: found } = await sql<{ tenant: string; revision: number }>`
    select tenant_id as tenant, revision from millrace.serving_revision where tenant_id = any(${tenants})`.execute(tx);
  return new Map(found.map(({ tenant, revision }) => [tenant, revision]));
}
