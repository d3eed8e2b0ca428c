import { MillraceError } from '@millrace/contract';
import { findEarlier, type Reason } from '../postgres/flows/deployment-history.ts';
import { refuseProblems } from './check.ts';
import { checkAmongOthers } from './check-among-others.ts';
import { type Deployed, putInPlace } from './put-in-place.ts';
import type { FlowPlace, FlowServices } from './services.ts';
import { readVersion } from './versions.ts';

export interface RollbackRequest extends FlowPlace, Reason {
  /** Of the deployment history; left out, what served last before what serves now. */
  readonly to?: string | undefined;
}

/**
 * Lets serve again what has served in the environment before: version, parameters and connections, as they were. Runs that
 * are under way stay on their version.
 * @throws {MillraceError} `NOTHING_EARLIER`, `FLOW_INVALID`, and what `putInPlace` throws: a connection may be gone
 */
export async function rollBack(services: FlowServices, { to, ...request }: RollbackRequest): Promise<Deployed> {
  const { tenant, environment, flowId, ...reason } = request;
  const earlier = await services.database.asTenants([tenant.id], (tx) => findEarlier(tx, { environment, flowId }, to));
  if (!earlier) throw nothingEarlier(flowId, environment);
  const { bundle } = await readVersion(services, tenant, flowId, earlier.version);
  const problems = await checkAmongOthers(bundle, services, tenant);
  refuseProblems('FLOW_INVALID', 'The earlier version does not fit this Millrace any more.', problems);
  const { parameters, connections } = earlier;
  const place = { tenant, environment, flowId };
  return putInPlace(services, { place, bundle, parameters, connections, action: 'rollback', reason });
}

function nothingEarlier(flowId: string, environment: string): MillraceError {
  const message = `No such earlier deployment of “${flowId}” in ${environment} is known.`;
  return new MillraceError('NOTHING_EARLIER', message, { category: 'not-found' });
}
