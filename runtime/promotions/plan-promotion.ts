import { type Json, MillraceError, type Problem } from '@millrace/contract';
import type { FlowServices } from '../flows/services.ts';
import { notDeployed } from '../flows/versions.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import type { Reason } from '../postgres/flows/deployment-history.ts';
import { insertPromotion } from '../postgres/promotions/promotions.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { kinds } from './kinds/kinds.ts';
import type { PlannedPart } from './part.ts';
import { type FlowSettings, productionSettings } from './production-settings.ts';
import { type SandboxFlow, sandboxFlows } from './sandbox-flows.ts';

export interface PlanRequest extends Reason {
  /** The flow that is to be moved with all that it depends on. */
  readonly flowId: string;
  /** Flow → what it is to have in production; what is left out stays, or comes from the sandbox. */
  readonly settings: Readonly<Record<string, FlowSettings>>;
  /** Code tables that stay in production as they are. */
  readonly keep: readonly string[];
  /** Id of the person or API key that plans it; null where that has none. */
  readonly planner: string | null;
}

/**
 * Plans what goes from the sandbox to production: each part as it is in both, and as production is to have it. Nothing is
 * moved. Answers the plan's id.
 * @throws {MillraceError} `NOT_FOUND` where the flow does not serve in the sandbox, `PLAN_INVALID`
 */
export async function planPromotion(services: FlowServices, tenant: Tenant, request: PlanRequest): Promise<string> {
  const { flowId, by, note, planner } = request;
  const { database } = services;
  const { flows, problems, found } = await database.asTenants([tenant.id], async (tx) => {
    const serving = await sandboxFlows(tx, services, flowId);
    if (!serving.flows.some(({ bundle }) => bundle.flow.id === flowId)) throw notDeployed(flowId, 'sandbox');
    return { ...serving, found: await partsOf(tx, services, tenant, serving.flows) };
  });
  refuseUnknown(request, found);
  const settled = await settle(services, tenant, { flows, parts: found, request });
  const missing = [...problems, ...missingTables(found, request), ...settled.problems];
  const { parts } = settled;
  return database.asTenants([tenant.id], async (tx) => {
    const id = await insertPromotion(tx, { tenant: tenant.id, flow: flowId, parts, missing, by, note, planner });
    const after = { flow: flowId, note, parts: parts.map(({ kind, name }) => `${kind} ${name}`) };
    await noteChange(tx, { tenant: tenant.id, action: 'promotions.plan', target: `promotions/${id}`, after });
    return id;
  });
}

/** As they are in both environments; production is to have them as the sandbox has. */
async function partsOf(
  tx: Tx,
  services: FlowServices,
  tenant: Tenant,
  flows: readonly SandboxFlow[],
): Promise<PlannedPart[]> {
  const parts: PlannedPart[] = [];
  for (const { kind, find, read } of kinds)
    for (const name of [...new Set(find(flows, services))].sort()) {
      const source = await read(tx, { tenant, environment: 'sandbox' }, name);
      const before = await read(tx, { tenant, environment: 'production' }, name);
      parts.push({ kind, name, source, before, after: source });
    }
  return parts;
}

interface Unsettled {
  readonly flows: readonly SandboxFlow[];
  readonly parts: readonly PlannedPart[];
  readonly request: PlanRequest;
}

/** What the request says of production, and what production has and keeps. */
async function settle(
  services: FlowServices,
  tenant: Tenant,
  { flows, parts, request }: Unsettled,
): Promise<{ parts: PlannedPart[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const settled: PlannedPart[] = [];
  for (const part of parts) {
    const flow = part.kind === 'flow' && flows.find(({ bundle }) => bundle.flow.id === part.name);
    if (flow) {
      const given = request.settings[part.name] ?? {};
      const found = await productionSettings(services, tenant, { flow, before: part.before, given });
      problems.push(...found.problems);
      settled.push({ ...part, after: { version: flow.state.version, ...found.settings } });
    } else settled.push(isKept(part, request) ? { ...part, after: part.before } : part);
  }
  return { parts: settled, problems };
}

function isKept({ kind, name, source }: PlannedPart, { keep }: PlanRequest): boolean {
  return kind === 'code-table' && (keep.includes(name) || source === null);
}

/** A name that means nothing is a slip. */
function refuseUnknown({ settings, keep }: PlanRequest, parts: readonly PlannedPart[]): void {
  const isPart = (kind: PlannedPart['kind'], name: string) =>
    parts.some((part) => part.kind === kind && part.name === name);
  const problems = [
    ...Object.keys(settings)
      .filter((name) => !isPart('flow', name))
      .map((name) => ({ pointer: `/settings/${name}`, message: `The flow “${name}” is not moved.` })),
    ...keep
      .filter((name) => !isPart('code-table', name))
      .map((name) => ({ pointer: '/keep', message: `The flows have no code table “${name}”.` })),
  ].map((problem): Problem => ({ code: 'PLAN_INVALID', ...problem }));
  const [first] = problems;
  if (first) throw new MillraceError('PLAN_INVALID', first.message, { problems, pointer: first.pointer });
}

/** What is named and is in no environment, or is to be moved and is not there. */
function missingTables(parts: readonly PlannedPart[], { keep }: PlanRequest): Problem[] {
  const missing = parts.filter(({ kind, source }) => kind === 'code-table' && source === (null as Json));
  return missing
    .filter(({ name }) => !keep.includes(name))
    .map(({ name }) => ({
      code: 'TABLE_NOT_IN_SANDBOX',
      pointer: `/code-table/${name}`,
      message: `The code table “${name}” is not in the sandbox, and a flow looks it up.`,
    }));
}
