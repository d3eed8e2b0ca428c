import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { Route } from '../flows/deployments.ts';
import { rows } from '../json.ts';

/** Which of the routes another flow of the tenant already serves in the environment. */
export async function routesTaken(
  tx: Tx,
  { environment, flowId }: { environment: string; flowId: string },
  routes: readonly Route[],
): Promise<(Route & { by: string })[]> {
  const { rows: taken } = await sql<Route & { by: string }>`
    select wanted.method, wanted.path, wanted.node, route.flow_id as by
    from json_to_recordset(${rows(routes)}) as wanted (method text, path text, node text)
    join millrace.webhook_route as route using (method, path)
    where route.environment = ${environment} and route.flow_id <> ${flowId}`.execute(tx);
  return taken;
}
