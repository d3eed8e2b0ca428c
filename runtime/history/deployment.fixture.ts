/** Tests only. */
import { deploy } from '../postgres/flows/deployments.ts';
import { type RetentionClass, setRetention } from '../postgres/history/retention.ts';
import type { HistoryFixture } from './history.fixture.ts';

/** Deploys the flow of the runs that there are, with a class of retention. */
export async function saveDeployment(
  { database, tenant, query }: HistoryFixture,
  retention: RetentionClass,
): Promise<void> {
  const place = { tenant: tenant.id, environment: 'production', flowId: 'test' };
  const [run] = await query<{ version: string }>('select version from millrace.all_runs limit 1');
  const deployment = { ...place, version: run?.version as string, parameters: {}, connections: {} };
  await database.asTenants([tenant.id], async (tx) => {
    await deploy(tx, deployment, { routes: [], recordTypes: [] });
    await setRetention(tx, place, retention);
  });
}
