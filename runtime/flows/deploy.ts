import { isError, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { createMissingTables } from '../code-tables/create-missing.ts';
import { type Bindings, bindSlots } from '../connections/bind-slots.ts';
import { checkBindings, holdBindings } from '../connections/check-bindings.ts';
import type { Tx } from '../postgres/database.ts';
import { type Deployment, deploy, loadDeployment } from '../postgres/flows/deployments.ts';
import { saveVersion } from '../postgres/flows/versions.ts';
import { activationsOf } from './activations.ts';
import { refuseProblems } from './check.ts';
import { readDraft } from './drafts.ts';
import { parametersFor } from './parameters.ts';
import { replaceTriggers } from './replace-triggers.ts';
import { routesOf } from './routes.ts';
import type { FlowPlace, FlowServices } from './services.ts';
import { versionOf } from './version.ts';

export interface DeployRequest extends FlowPlace {
  /** Over the document's defaults; left out, those of the present deployment stay. */
  readonly parameters?: JsonObject | undefined;
  /** Slot → connection id; a slot left out keeps its present connection, or gets the default of its type. */
  readonly connections?: Bindings | undefined;
}

export interface Deployed {
  readonly version: string;
  readonly deployedAt: Date;
  /** What is worth knowing of it and was not in the way. */
  readonly warnings: readonly Problem[];
}

/**
 * Makes a version of the flow's draft and puts it into the environment, all or nothing; runs that are under way stay
 * on theirs.
 * @throws {MillraceError} each with every problem: `NOT_FOUND`, `FLOW_INVALID`, `PARAMETERS_INVALID`,
 * `CONNECTION_MISFIT`, `CONNECTION_UNBOUND`, `ROUTE_TAKEN`, `CONFIG_VALUE`
 */
export async function deployFlow(services: FlowServices, request: DeployRequest): Promise<Deployed> {
  const { tenant, environment, flowId } = request;
  const { bundle, problems, revision } = await readDraft(services, tenant, flowId);
  refuseProblems('FLOW_INVALID', 'The flow has problems and cannot be deployed.', problems);
  const present = await services.database.asTenants([tenant.id], (tx) => loadDeployment(tx, environment, flowId));
  const given = request.parameters ?? present?.parameters ?? {};
  const parameters = await parametersFor(services, tenant.id, bundle.flow, given);
  const asked = { ...stillUsed(present?.connections ?? {}, bundle), ...request.connections };
  const connections = await bind(services, request, bundle, asked);
  const deployment = {
    tenant: tenant.id,
    environment,
    flowId,
    version: versionOf(bundle.flow),
    parameters,
    connections,
  };
  const triggers = await activationsOf(services, tenant, bundle.flow, parameters);
  const deployed = await services.database
    .asTenants([tenant.id], async (tx) => {
      const published = await publish(tx, bundle, deployment, services);
      await replaceTriggers(tx, deployment, tenant, triggers);
      return published;
    })
    .catch(explainRace);
  services.bus.publish({ kind: 'flow', tenant: tenant.id, flowId, revision });
  return { ...deployed, warnings: problems.filter((problem) => !isError(problem)) };
}

async function bind(
  services: FlowServices,
  place: FlowPlace,
  { flow }: FlowBundle,
  bound: Bindings,
): Promise<Bindings> {
  const { tenant, environment } = place;
  await services.database.asTenants([tenant.id], (tx) => checkBindings(tx, flow, bound, environment));
  return bindSlots(services, { tenant, environment, document: flow, bound });
}

/** Bindings of slots that the flow still has. */
function stillUsed(bound: Bindings, { flow }: FlowBundle): Bindings {
  return Object.fromEntries(Object.entries(bound).filter(([slot]) => flow.connections?.[slot] !== undefined));
}

async function publish(
  tx: Tx,
  { flow, layout, records, tables = [] }: FlowBundle,
  deployment: Deployment,
  { catalogue }: FlowServices,
): Promise<Omit<Deployed, 'warnings'>> {
  const { tenant, environment, flowId, version } = deployment;
  const routes = routesOf(flow, catalogue);
  await holdBindings(tx, deployment.connections);
  await saveVersion(tx, { tenant, hash: version, document: flow, layout });
  await deploy(tx, deployment, { routes, recordTypes: records });
  await createMissingTables(tx, { tenant, environment }, tables);
  const stored = await loadDeployment(tx, environment, flowId);
  return { version, deployedAt: stored?.deployedAt as Date };
}

/** Another deployment took the route between our look and our write. */
function explainRace(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23505' || constraint !== 'webhook_route_pkey') throw error;
  throw new MillraceError('ROUTE_TAKEN', 'Another flow has just taken a webhook address of this one.');
}
