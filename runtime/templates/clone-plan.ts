import { isError, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { type Bindings, unboundSlots } from '../connections/bind-slots.ts';
import { bindingProblems } from '../connections/check-bindings.ts';
import { evaluationFor } from '../engine/evaluation.ts';
import { activationsOf } from '../flows/activations.ts';
import { checkAmongOthers } from '../flows/check-among-others.ts';
import { othersNamed } from '../flows/flows-named.ts';
import { defaultsOf } from '../flows/parameters.ts';
import { routesOf } from '../flows/routes.ts';
import { chooseTrigger } from '../flows/trigger.ts';
import type { Tx } from '../postgres/database.ts';
import { flowExists } from '../postgres/flows/drafts.ts';
import { routesOfOthers } from '../postgres/flows/routes.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { routeProblems } from '../triggers/webhook/route-problems.ts';
import { readOffered } from './find-template.ts';
import { named } from './own-name.ts';
import { parameterSchema, withParameters } from './own-parameters.ts';
import type { OfferedVersion, TemplateServices } from './template.ts';

const environments = ['sandbox', 'production'] as const;
/** Where a clone is deployed that is to be tried. */
export const trialEnvironment = 'sandbox';

export interface CloneRequest {
  /** Id of the template. */
  readonly template: string;
  /** The newest where left out. */
  readonly version?: string | undefined;
  /** Id that the clone gets. */
  readonly flowId: string;
  /** That of the template where left out. */
  readonly name?: string | undefined;
  /** In place of the template's defaults. */
  readonly parameters?: JsonObject | undefined;
  /** Slot → connection id, by environment. */
  readonly connections?: Readonly<Partial<Record<(typeof environments)[number], Bindings>>> | undefined;
  /** To the sandbox. */
  readonly deploy?: boolean | undefined;
  /** A run of what is deployed, with a sample of the template. */
  readonly trial?: { readonly sample: string; readonly node?: string | undefined } | undefined;
}

/** What a clone would be, and everything that is missing or wrong. */
export interface ClonePlan {
  readonly offered: OfferedVersion;
  readonly bundle: FlowBundle;
  /** Pointers are into the request, those under `/bundle` into the clone itself. */
  readonly problems: readonly Problem[];
}

type Services = Omit<TemplateServices, 'masterKeys' | 'network' | 'bus'>;

/** Looks at everything, and writes nothing. @throws {MillraceError} `NOT_FOUND` where there is no such template or version */
export async function planClone(services: Services, tenant: Tenant, request: CloneRequest): Promise<ClonePlan> {
  const offered = await readOffered(services, tenant, request.template, request.version);
  const { flowId: id, name = offered.bundle.flow.name, parameters = {} } = request;
  const bundle = withParameters(named(offered.bundle, { id, name }, services.types), parameters);
  const check = { services, tenant, request, bundle };
  const ofFlow = await checkAmongOthers(bundle, services, tenant);
  const inDatabase = await services.database.asTenants([tenant.id], async (tx) => [
    ...(await idProblems(tx, request)),
    ...(await connectionProblems(tx, check)),
    ...(await addressProblems(tx, check)),
    ...(await calledProblems(tx, check)),
  ]);
  const problems = [
    ...inDatabase,
    ...(await parameterProblems(check)),
    ...ofFlow.map(inBundle),
    ...trialProblems(check),
  ];
  // Triggers can only be looked at with parameters that fit.
  const isSound = !problems.some(isError);
  return { offered, bundle, problems: isSound ? [...problems, ...(await triggerProblems(check))] : problems };
}

interface Check {
  readonly services: Services;
  readonly tenant: Tenant;
  readonly request: CloneRequest;
  readonly bundle: FlowBundle;
}

async function idProblems(tx: Tx, { flowId }: CloneRequest): Promise<Problem[]> {
  if (!(await flowExists(tx, flowId))) return [];
  return [{ code: 'FLOW_EXISTS', pointer: '/flow', message: `There is a flow “${flowId}” already.` }];
}

async function parameterProblems({ services, tenant, request, bundle }: Check): Promise<Problem[]> {
  const unknown = Object.keys(request.parameters ?? {}).filter((name) => !parameterSchema(bundle, name));
  const { parameters: schema } = bundle.flow;
  const values = defaultsOf(schema);
  const misfits = schema
    ? await evaluationFor(services.evaluator, tenant.id).validate(schema as JsonObject, values)
    : [];
  return [
    ...unknown.map((name) => ({
      code: 'PARAMETER_UNKNOWN',
      pointer: `/parameters/${name}`,
      message: `The template has no parameter “${name}”.`,
    })),
    ...misfits.map((problem) => ({ ...problem, pointer: `/parameters${problem.pointer}` })),
  ];
}

/** A slot that nothing is bound to is in the way only where the clone is deployed at once. */
async function connectionProblems(tx: Tx, { services, tenant, request, bundle }: Check): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const environment of environments) {
    const bound = request.connections?.[environment] ?? {};
    const slots = { tenant, environment, document: bundle.flow, bound };
    const found = [
      ...(await bindingProblems(tx, bundle.flow, bound, environment)),
      ...unboundSlots(services, slots).map(inTheWayOf(request, environment, 'notice')),
    ];
    const at = `/connections/${environment}`;
    problems.push(...found.map((each) => ({ ...each, pointer: each.pointer.replace('/connections', at) })));
  }
  return problems;
}

async function addressProblems(tx: Tx, { services, request, bundle }: Check): Promise<Problem[]> {
  const routes = routesOf(bundle.flow, services.catalogue);
  const problems: Problem[] = [];
  for (const environment of environments) {
    const taken = routeProblems(routes, await routesOfOthers(tx, environment, request.flowId));
    const told = taken.map((each) => ({ ...inBundle(each), message: `In ${environment}: ${each.message}` }));
    problems.push(...told.map(inTheWayOf(request, environment, 'warning')));
  }
  return problems;
}

async function calledProblems(tx: Tx, { services, bundle }: Check): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { id, pointer } of othersNamed(bundle.flow, services.types)) {
    if (await flowExists(tx, id)) continue;
    const message = `It uses the flow “${id}”, which is not here.`;
    const hint = 'Clone that too, or name another flow.';
    problems.push({ code: 'FLOW_MISSING', pointer: `/bundle${pointer}`, message, hint, severity: 'warning' });
  }
  return problems;
}

function trialProblems({ services, request: { trial }, bundle }: Check): Problem[] {
  if (!trial) return [];
  const { sample, node } = trial;
  const isThere = Object.hasOwn(bundle.samples, sample);
  const message = `The template has no sample “${sample}”; it has ${Object.keys(bundle.samples).join(', ')}.`;
  return [
    ...(isThere ? [] : [{ code: 'SAMPLE_UNKNOWN', pointer: '/trial/sample', message }]),
    ...refusal(() => chooseTrigger(bundle.flow, node, services), '/trial'),
  ];
}

async function triggerProblems({ services, tenant, request, bundle }: Check): Promise<Problem[]> {
  if (!isDeployed(request)) return [];
  const { flow } = bundle;
  const switching = activationsOf(services, tenant, flow, defaultsOf(flow.parameters));
  return switching.then(
    () => [],
    (error: unknown) => problemsOf(error).map(inBundle),
  );
}

/** Whether the clone is to be deployed at once; a trial needs that. */
export function isDeployed({ deploy = false, trial }: CloneRequest): boolean {
  return deploy || trial !== undefined;
}

function inTheWayOf(request: CloneRequest, environment: string, otherwise: 'notice' | 'warning') {
  const isInTheWay = environment === trialEnvironment && isDeployed(request);
  return (problem: Problem): Problem => (isInTheWay ? problem : { ...problem, severity: otherwise });
}

function inBundle(problem: Problem): Problem {
  return { ...problem, pointer: `/bundle${problem.pointer}` };
}

function refusal(work: () => unknown, at: string): Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    return problemsOf(error).map((problem) => ({ ...problem, pointer: `${at}${problem.pointer}` }));
  }
}

function problemsOf(error: unknown): readonly Problem[] {
  if (!(error instanceof MillraceError)) throw error;
  const { code, message, options } = error;
  return options.problems ?? [{ code, message, pointer: options.pointer ?? '' }];
}
