import { MillraceError, type Problem } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import type { Reason } from '../postgres/flows/deployment-history.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import { type KeptVersion, loadBundle } from '../postgres/flows/load-versions.ts';
import { numberVersion } from '../postgres/flows/number-version.ts';
import { saveVersion } from '../postgres/flows/versions.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { refuseProblems } from './check.ts';
import { readDraft } from './drafts.ts';
import type { FlowServices } from './services.ts';
import { versionOf } from './version.ts';

export interface Published {
  readonly version: string;
  readonly number: number;
}

/**
 * Makes an immutable version of a flow's draft; where the same was published before, it is that.
 * @throws {MillraceError} `NOT_FOUND`, `FLOW_INVALID` with every problem
 */
export async function publishFlow(
  services: FlowServices,
  tenant: Tenant,
  flowId: string,
  reason: Reason,
): Promise<Published & { readonly warnings: readonly Problem[] }> {
  const { bundle, problems } = await readDraft(services, tenant, flowId);
  refuseProblems('FLOW_INVALID', 'The flow has problems and cannot be published.', problems);
  const published = await services.database.asTenants([tenant.id], async (tx) => {
    const made = await publish(tx, tenant, bundle, reason);
    const after = { ...made, note: reason.note };
    await noteChange(tx, { tenant: tenant.id, action: 'flows.publish', target: `flows/${flowId}`, after });
    return made;
  });
  return { ...published, warnings: problems };
}

/** To be called in the transaction that deploys the version, where there is one. */
export async function publish(tx: Tx, tenant: Tenant, bundle: FlowBundle, reason: Reason): Promise<Published> {
  const version = versionOf(bundle);
  await saveVersion(tx, { tenant: tenant.id, hash: version, bundle });
  return { version, number: await numberVersion(tx, { flowId: bundle.flow.id, hash: version, ...reason }) };
}

/** @param version its name or its number @throws {MillraceError} `NOT_FOUND` */
export async function readVersion(
  { database }: Pick<FlowServices, 'database'>,
  tenant: Tenant,
  flowId: string,
  version: string,
): Promise<KeptVersion> {
  const found = await database.asTenants([tenant.id], (tx) => loadBundle(tx, flowId, version));
  if (found) return found;
  throw new MillraceError('NOT_FOUND', `The flow “${flowId}” has no version ${version}.`, { category: 'not-found' });
}

/**
 * What a name says of a flow: its `draft`, what serves in an environment, or a version by its name or number.
 * @throws {MillraceError} `NOT_FOUND`
 */
export async function readNamed(
  services: FlowServices,
  tenant: Tenant,
  flowId: string,
  name: string,
): Promise<FlowBundle> {
  if (name === 'draft') return (await readDraft(services, tenant, flowId)).bundle;
  if (name !== 'sandbox' && name !== 'production') return (await readVersion(services, tenant, flowId, name)).bundle;
  const deployed = await services.database.asTenants([tenant.id], (tx) => loadDeployment(tx, name, flowId));
  if (deployed) return (await readVersion(services, tenant, flowId, deployed.version)).bundle;
  throw notDeployed(flowId, name);
}

export function notDeployed(flowId: string, environment: string): MillraceError {
  const message = `The flow “${flowId}” is not deployed in ${environment}.`;
  return new MillraceError('NOT_FOUND', message, { category: 'not-found' });
}
