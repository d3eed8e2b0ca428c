import type { Tx } from '../postgres/database.ts';
import { noteDeployment, type Reason } from '../postgres/flows/deployment-history.ts';
import { loadDeployment, removeDeployment } from '../postgres/flows/deployments.ts';
import { announce } from './put-in-place.ts';
import type { FlowPlace, FlowServices } from './services.ts';
import { notDeployed } from './versions.ts';

/**
 * Nothing begins in the environment any more by the flow: its routes, schedules, sources and subscriptions go with the
 * deployment. Runs that are under way end on their version.
 * @throws {MillraceError} `NOT_FOUND`
 */
export async function undeployFlow(services: FlowServices, place: FlowPlace, reason: Reason): Promise<void> {
  await services.database.asTenants([place.tenant.id], (tx) => takeAway(tx, place, reason));
  await announce(services, place);
}

/** The same within a transaction; afterwards it is to be announced. */
export async function takeAway(tx: Tx, { environment, flowId }: FlowPlace, reason: Reason): Promise<void> {
  const present = await loadDeployment(tx, environment, flowId);
  if (!present) throw notDeployed(flowId, environment);
  await noteDeployment(tx, 'undeploy', present, reason);
  await removeDeployment(tx, environment, flowId);
}
