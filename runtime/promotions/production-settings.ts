import { isObject, type Json, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import type { FlowBundle, FlowDocument } from '@millrace/flow';
import type { Bindings } from '../connections/bind-slots.ts';
import { checkBindings } from '../connections/check-bindings.ts';
import { parametersFor } from '../flows/parameters.ts';
import type { FlowServices } from '../flows/services.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { FlowState } from './kinds/flows.ts';
import type { SandboxFlow } from './sandbox-flows.ts';

/** What a flow is to have in production. */
export interface FlowSettings {
  readonly parameters?: JsonObject | undefined;
  /** Slot → connection id. */
  readonly connections?: Bindings | undefined;
}

interface Choice {
  readonly flow: SandboxFlow;
  /** How it serves in production; null where it does not. */
  readonly before: Json;
  readonly given: FlowSettings;
}

interface Chosen {
  readonly settings: Required<FlowSettings>;
  /** Parameters that have no value or do not fit, and slots with no connection or one that does not fit. */
  readonly problems: readonly Problem[];
}

/**
 * Parameters as given, else as production has them, else as the sandbox has; slots bound as given, else as in production. A
 * slot of neither is bound to its type's default when the promotion is carried out, if there is one.
 */
export async function productionSettings(
  services: FlowServices,
  tenant: Tenant,
  { flow: { state, bundle }, before, given }: Choice,
): Promise<Chosen> {
  const present = isObject(before) ? (before as unknown as FlowState) : undefined;
  const parameters = {
    ...declared(bundle.flow, { ...state.parameters, ...present?.parameters }),
    ...given.parameters,
  };
  const connections = { ...stillThere(bundle, present?.connections ?? {}), ...given.connections };
  const id = bundle.flow.id;
  const problems = [
    ...(await problemsOf(parametersFor(services, tenant.id, bundle.flow, parameters), `/flow/${id}/parameters`)),
    ...(await problemsOf(fitting(services, tenant, bundle.flow, connections), `/flow/${id}`)),
    ...unbound(services, bundle, connections, tenant),
  ];
  return { settings: { parameters, connections }, problems };
}

function declared({ parameters }: FlowDocument, values: JsonObject): JsonObject {
  const names = isObject(parameters?.properties as Json) ? Object.keys(parameters?.properties as JsonObject) : [];
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
