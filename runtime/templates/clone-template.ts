import { type Json, MillraceError, type Problem } from '@millrace/contract';
import type { Engine } from '../engine/engine.ts';
import { refuseProblems } from '../flows/check.ts';
import { newDraft } from '../flows/drafts.ts';
import { defaultsOf } from '../flows/parameters.ts';
import { announce, type Deployed, type Placement, preparePlacement } from '../flows/put-in-place.ts';
import { startRun } from '../flows/trigger.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Tx } from '../postgres/database.ts';
import { createDraft } from '../postgres/flows/drafts.ts';
import { createClone } from '../postgres/templates/clones.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { type ClonePlan, type CloneRequest, isDeployed, planClone, trialEnvironment } from './clone-plan.ts';
import type { TemplateServices } from './template.ts';

export interface Cloned {
  readonly flow: string;
  /** Of the template. */
  readonly version: string;
  /** What was not in the way. */
  readonly warnings: readonly Problem[];
  /** In the sandbox, where that was asked for. */
  readonly deployed?: Deployed;
  /** Id of the trial run, where one was asked for. */
  readonly run?: string;
}

/**
 * Makes a flow of a template, deploys and tries it in the sandbox where that is asked for; all or nothing but the run.
 * @param by who does it, for people
 * @throws {MillraceError} `NOT_FOUND`; `CLONE_REFUSED` with every problem of the plan
 */
export async function cloneTemplate(
  services: TemplateServices & { readonly engine: Pick<Engine, 'accept'> },
  tenant: Tenant,
  request: CloneRequest,
  by: string,
): Promise<Cloned> {
  const plan = await planClone(services, tenant, request);
  refuseProblems('CLONE_REFUSED', 'The template cannot be cloned like this.', plan.problems);
  const deployed = await store(services, tenant, request, plan, by);
  const run = request.trial && (await tryOut(services, tenant, request, plan));
  return {
    flow: request.flowId,
    version: plan.offered.version,
    warnings: plan.problems,
    ...(deployed && { deployed }),
    ...(run !== undefined && { run }),
  };
}

async function store(
  services: TemplateServices,
  tenant: Tenant,
  request: CloneRequest,
  plan: ClonePlan,
  by: string,
): Promise<Deployed | undefined> {
  const { flowId, template, connections } = request;
  const place = { tenant, environment: trialEnvironment, flowId };
  const placement: Placement = {
    place,
    bundle: plan.bundle,
    parameters: defaultsOf(plan.bundle.flow.parameters),
    connections: connections?.[trialEnvironment] ?? {},
    action: 'deploy',
    reason: { by, note: `Made of the template ${template} ${plan.offered.version}.` },
  };
  const deploy = isDeployed(request) ? await preparePlacement(services, placement) : undefined;
  const deployed = await services.database.asTenants([tenant.id], async (tx) => {
    await storeClone(tx, tenant, request, plan);
    return deploy?.(tx);
  });
  await announce(services, place);
  return deployed;
}

async function storeClone(
  tx: Tx,
  tenant: Tenant,
  { flowId, template, connections = {} }: CloneRequest,
  { bundle, offered }: ClonePlan,
): Promise<void> {
  const draft = await createDraft(tx, tenant.id, newDraft(bundle));
  if (!draft) throw new MillraceError('FLOW_EXISTS', `There is a flow “${flowId}” already.`, { pointer: '/flow' });
  const { version, bundle: base } = offered;
  await createClone(tx, tenant.id, { flowId, template, version, base, connections });
  const after = { template, version, connections };
  await noteChange(tx, { tenant: tenant.id, action: 'templates.clone', target: `flows/${flowId}`, after });
}

async function tryOut(
  services: Parameters<typeof startRun>[0],
  tenant: Tenant,
  { flowId, trial }: CloneRequest,
  { bundle }: ClonePlan,
): Promise<string> {
  const payload = bundle.samples[trial?.sample ?? ''] as Json;
  const place = { tenant, environment: trialEnvironment, flowId };
  return (await startRun(services, { ...place, node: trial?.node, payload, source: 'a trial of the clone' })).run;
}
