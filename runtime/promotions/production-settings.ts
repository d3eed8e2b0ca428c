import { isObject, type Json, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import type { FlowBundle, FlowDocument } from '@millrace/flow';
import type { Bindings } from '../connections/bind-slots.ts';
import { checkBindings } from '../connections/check-bindings.ts';
import { parametersFor, setBeyondDefaults } from '../flows/parameters.ts';
import type { FlowServices } from '../flows/services.ts';
import { readVersion } from '../flows/versions.ts';
import { plannedConnections } from '../postgres/templates/clones.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { FlowState } from './kinds/flows.ts';
import type { SandboxFlow } from './sandbox-flows.ts';

/** What a flow is to have in production. */
export interface FlowSettings {
  readonly parameters?: JsonObject | undefined;
  /** Slot → connection id. */
  readonly connections?: Bindings | undefined;
}

interface Settings {
  readonly parameters: JsonObject;
  readonly connections: Bindings;
}

interface Choice {
  readonly flow: SandboxFlow;
  /** How it serves in production; null where it does not. */
  readonly before: Json;
  readonly given: FlowSettings;
}

interface Chosen {
  readonly settings: Settings;
  /** Parameters that have no value or do not fit, and slots with no connection or one that does not fit. */
  readonly problems: readonly Problem[];
}

/**
 * Parameters as given, else as production has set them beyond its defaults, else as the sandbox has; slots bound as given, else
 * as in production, or as was planned for it. A slot of none of these is bound to its type's default when the promotion is
 * carried out, if there is one.
 */
export async function productionSettings(
  services: FlowServices,
  tenant: Tenant,
  { flow: { state, bundle }, before, given }: Choice,
): Promise<Chosen> {
  const id = bundle.flow.id;
  const present = isObject(before)
    ? await settingsOf(services, tenant, id, before as unknown as FlowState)
    : { parameters: {}, connections: await planned(services, tenant, id) };
  const parameters = {
    ...declared(bundle.flow, { ...state.parameters, ...present.parameters }),
    ...given.parameters,
  };
  const connections = { ...stillThere(bundle, present.connections), ...given.connections };
  const problems = [
    ...(await problemsOf(parametersFor(services, tenant.id, bundle.flow, parameters), `/flow/${id}/parameters`)),
    ...(await problemsOf(fitting(services, tenant, bundle.flow, connections), `/flow/${id}`)),
    ...unbound(services, bundle, connections, tenant),
  ];
  return { settings: { parameters, connections }, problems };
}

async function settingsOf(
  services: FlowServices,
  tenant: Tenant,
  flowId: string,
  { version, parameters, connections }: FlowState,
): Promise<Settings> {
  const { flow } = (await readVersion(services, tenant, flowId, version)).bundle;
  return { parameters: setBeyondDefaults(flow.parameters, parameters), connections };
}

function planned({ database }: FlowServices, { id }: Tenant, flowId: string): Promise<Bindings> {
  return database.asTenants([id], (tx) => plannedConnections(tx, 'production', flowId));
}

function declared({ parameters }: FlowDocument, values: JsonObject): JsonObject {
  const names = isObject(parameters?.properties) ? Object.keys(parameters?.properties) : [];
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

function stillThere({ flow }: FlowBundle, bound: Bindings): Bindings {
  return Object.fromEntries(Object.entries(bound).filter(([slot]) => flow.connections?.[slot] !== undefined));
}

function fitting({ database }: FlowServices, { id }: Tenant, flow: FlowDocument, bound: Bindings): Promise<void> {
  return database.asTenants([id], (tx) => checkBindings(tx, flow, bound, 'production'));
}

async function problemsOf(checking: Promise<unknown>, at: string): Promise<readonly Problem[]> {
  try {
    await checking;
    return [];
  } catch (error) {
    if (!(error instanceof MillraceError) || !error.options.problems) throw error;
    return error.options.problems.map((problem) => ({ ...problem, pointer: at + problem.pointer }));
  }
}

function unbound({ catalogue, home }: FlowServices, { flow }: FlowBundle, bound: Bindings, tenant: Tenant): Problem[] {
  const free = Object.entries(flow.connections ?? {}).filter(([slot]) => bound[slot] === undefined);
  return free
    .filter(
      ([, { type }]) => catalogue.connections.get(type)?.defaultConfig?.({ home, tenant: tenant.slug }) === undefined,
    )
    .map(([slot, { type }]) => ({
      code: 'CONNECTION_UNBOUND',
      pointer: `/flow/${flow.id}/connections/${slot}`,
      message: `The slot “${slot}” of “${flow.id}” needs a connection of type ${type} in production.`,
    }));
}
