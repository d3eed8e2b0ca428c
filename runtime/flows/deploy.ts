import type { JsonObject, Problem } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import type { Bindings } from '../connections/bind-slots.ts';
import { inactiveBindings } from '../connections/check-bindings.ts';
import type { Tx } from '../postgres/database.ts';
import type { Reason } from '../postgres/flows/deployment-history.ts';
import { loadDeployment } from '../postgres/flows/deployments.ts';
import { loadVersion } from '../postgres/flows/versions.ts';
import { plannedConnections } from '../postgres/templates/clones.ts';
import { refuseProblems } from './check.ts';
import { checkAmongOthers } from './check-among-others.ts';
import { readDraft } from './drafts.ts';
import { setBeyondDefaults } from './parameters.ts';
import { type Deployed, putInPlace } from './put-in-place.ts';
import type { FlowPlace, FlowServices } from './services.ts';
import { readVersion } from './versions.ts';

export interface DeployRequest extends FlowPlace, Reason {
  /** Name or number of a version; left out, the draft is published. */
  readonly version?: string | undefined;
  /** Over the document's defaults; left out, those stay that the present deployment has set beyond its own defaults. */
  readonly parameters?: JsonObject | undefined;
  /** Slot → connection id; a slot left out keeps its present connection, or gets the default of its type. */
  readonly connections?: Bindings | undefined;
}

/**
 * Puts a version of the flow into the environment, all or nothing; runs that are under way stay on theirs.
 * @throws {MillraceError} each with every problem: `NOT_FOUND`, `FLOW_INVALID`, and what `putInPlace` throws
 */
export async function deployFlow(
  services: FlowServices,
  request: DeployRequest,
): Promise<Deployed & { readonly warnings: readonly Problem[] }> {
  const { tenant, environment, flowId, parameters, connections, ...reason } = request;
  const { bundle, problems } = await chosen(services, request);
  refuseProblems('FLOW_INVALID', 'The flow has problems and cannot be deployed.', problems);
  const present = await services.database.asTenants([tenant.id], (tx) => presentSettings(tx, environment, flowId));
  const deployed = await putInPlace(services, {
    place: { tenant, environment, flowId },
    bundle,
    parameters: parameters ?? present.parameters,
    connections: { ...stillUsed(present.connections, bundle), ...connections },
    action: 'deploy',
    reason,
  });
  const inactive = await services.database.asTenants([tenant.id], async (tx) =>
    inactiveBindings(tx, (await loadDeployment(tx, environment, flowId))?.connections ?? {}),
  );
  return { ...deployed, warnings: [...problems, ...inactive] };
}

async function chosen(
  services: FlowServices,
  { tenant, flowId, version }: DeployRequest,
): Promise<{ bundle: FlowBundle; problems: readonly Problem[] }> {
  if (version === undefined) return readDraft(services, tenant, flowId);
  const { bundle } = await readVersion(services, tenant, flowId, version);
  return { bundle, problems: await checkAmongOthers(bundle, services, tenant) };
}

/** What somebody has set in the environment: by the present deployment, or ahead of the first one. */
async function presentSettings(
  tx: Tx,
  environment: string,
  flowId: string,
): Promise<{ readonly parameters: JsonObject; readonly connections: Bindings }> {
  const present = await loadDeployment(tx, environment, flowId);
  if (!present) return { parameters: {}, connections: await plannedConnections(tx, environment, flowId) };
  const document = await loadVersion(tx, present.version);
  return {
    parameters: setBeyondDefaults(document?.parameters, present.parameters),
    connections: present.connections,
  };
}

/** Bindings of slots that the flow still has. */
function stillUsed(bound: Bindings, { flow }: FlowBundle): Bindings {
  return Object.fromEntries(Object.entries(bound).filter(([slot]) => flow.connections?.[slot] !== undefined));
}
