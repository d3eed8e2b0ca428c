import { type JsonObject, MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { createMissingTables } from '../code-tables/create-missing.ts';
import { type Bindings, bindSlots } from '../connections/bind-slots.ts';
import { checkBindings, holdBindings } from '../connections/check-bindings.ts';
import { refuseMisfitsOf } from '../mappings/own-lines.ts';
import { type DeploymentAction, noteDeployment, type Reason } from '../postgres/flows/deployment-history.ts';
import { deploy, loadDeployment } from '../postgres/flows/deployments.ts';
import { loadDraft } from '../postgres/flows/drafts.ts';
import { activationsOf } from './activations.ts';
import { parametersFor } from './parameters.ts';
import { replaceTriggers } from './replace-triggers.ts';
import { routesOf } from './routes.ts';
import type { FlowPlace, FlowServices } from './services.ts';
import { type Published, publish } from './versions.ts';

export interface Deployed extends Published {
  readonly deployedAt: Date;
}

/** What shall serve in an environment, and why. */
export interface Placement {
  readonly place: FlowPlace;
  /** Without errors. */
  readonly bundle: FlowBundle;
  /** Over the document's defaults. */
  readonly parameters: JsonObject;
  /** Slot → connection id; a slot left out gets the default of its type. */
  readonly connections: Bindings;
  readonly action: DeploymentAction;
  readonly reason: Reason;
}

/**
 * Lets a bundle serve, as a published version: with its routes, triggers, record types and missing code tables, in one
 * transaction. The one way into an environment.
 * @throws {MillraceError} each with every problem: `PARAMETERS_INVALID`, `CONNECTION_MISFIT`, `CONNECTION_UNBOUND`,
 * `ROUTE_TAKEN`, `CONFIG_VALUE`, `MAPPING_INVALID`
 */
export async function putInPlace(services: FlowServices, placement: Placement): Promise<Deployed> {
  const { place, bundle, action, reason } = placement;
  const { tenant, environment, flowId } = place;
  const { flow, records, tables = [] } = bundle;
  const parameters = await parametersFor(services, tenant.id, flow, placement.parameters);
  const connections = await bind(services, placement);
  const triggers = await activationsOf(services, tenant, flow, parameters);
  const routes = routesOf(flow, services.catalogue);
  const deployed = await services.database
    .asTenants([tenant.id], async (tx) => {
      await refuseMisfitsOf(tx, place, bundle);
      await holdBindings(tx, connections);
      const published = await publish(tx, tenant, bundle, reason);
      const { version } = published;
      const deployment = { tenant: tenant.id, environment, flowId, version, parameters, connections };
      await deploy(tx, deployment, { routes, recordTypes: records });
      await createMissingTables(tx, { tenant: tenant.id, environment }, tables);
      await replaceTriggers(tx, deployment, tenant, triggers);
      await noteDeployment(tx, action, deployment, reason);
      const stored = await loadDeployment(tx, environment, flowId);
      return { ...published, deployedAt: stored?.deployedAt as Date };
    })
    .catch(explainRace);
  await announce(services, place);
  return deployed;
}

/** Tells those who show the flow or remember what serves. */
export async function announce({ database, bus }: FlowServices, { tenant, flowId }: FlowPlace): Promise<void> {
  const draft = await database.asTenants([tenant.id], (tx) => loadDraft(tx, flowId));
  bus.publish({ kind: 'flow', tenant: tenant.id, flowId, revision: draft?.revision ?? 0 });
}

async function bind(services: FlowServices, { place, bundle, connections }: Placement): Promise<Bindings> {
  const { tenant, environment } = place;
  const { flow } = bundle;
  await services.database.asTenants([tenant.id], (tx) => checkBindings(tx, flow, connections, environment));
  return bindSlots(services, { tenant, environment, document: flow, bound: connections });
}

/** Another deployment took the route between our look and our write. */
function explainRace(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23505' || constraint !== 'webhook_route_pkey') throw error;
  throw new MillraceError('ROUTE_TAKEN', 'Another flow has just taken a webhook address of this one.');
}
