import { type Json, MillraceError } from '@millrace/contract';
import type { FlowBundle, FlowDocument } from '@millrace/flow';
import type { FlowTest } from '../flow-tests/format.ts';
import type { ObservedRun } from '../flow-tests/observe.ts';
import { partUpTo } from '../flow-tests/part-of-flow.ts';
import type { Suites } from '../flow-tests/suites.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { checkDocument, refuseProblems } from './check.ts';
import { readDraft } from './drafts.ts';
import type { FlowServices } from './services.ts';

export interface Trial {
  readonly flowId: string;
  /** The document as it is being edited; the draft's own where left out. */
  readonly flow?: FlowDocument | undefined;
  /** Where it ends; it goes through the whole flow where nothing is said. */
  readonly to?: string | undefined;
  readonly trigger: FlowTest['trigger'];
  readonly mocks?: FlowTest['mocks'];
  readonly params?: FlowTest['params'];
}

export type TriedRun = Pick<ObservedRun, 'trigger' | 'status' | 'error' | 'output' | 'steps'>;

/**
 * Lets a run go through a flow as it is being edited, as a test does: apart from everything else, with simulated time,
 * sandboxes in place of other systems, and given outcomes in place of nodes. Nothing is stored.
 * @throws {MillraceError} `NOT_FOUND`, `NODE_UNKNOWN`, `FLOW_INVALID` with every problem of the part that is run,
 * `TRIAL_BROKE_OFF` and what `Suites.run` throws
 */
export async function tryFlow(
  services: FlowServices & { readonly suites: Pick<Suites, 'run'> },
  tenant: Tenant,
  { flowId, flow, to, ...test }: Trial,
): Promise<TriedRun> {
  const { bundle } = await readDraft(services, tenant, flowId);
  const tried = part(flow ?? bundle.flow, to);
  const problems = await checkDocument(tried, services, tenant.id);
  refuseProblems('FLOW_INVALID', 'This part of the flow has problems and cannot be run.', problems);
  const suite: FlowBundle = { ...bundle, flow: tried, tests: { trial: { name: 'Trial', ...test, expect: {} } } };
  const { tests } = await services.suites.run(tenant.id, { bundle: suite, withRuns: true });
  const [run] = tests[0]?.runs ?? [];
  if (!run) throw brokeOff(tests[0]?.mismatches ?? []);
  return run;
}

function part(flow: FlowDocument, to: string | undefined): FlowDocument {
  if (to === undefined) return flow;
  if (flow.nodes[to]) return partUpTo(flow, to);
  throw new MillraceError('NODE_UNKNOWN', `The flow has no node “${to}”.`, { pointer: '/to' });
}

function brokeOff(reasons: readonly string[]): MillraceError {
  const [first = 'The trial came to no run.'] = reasons;
  return new MillraceError('TRIAL_BROKE_OFF', first.replace(/^[A-Z_]+: /, ''), { details: [...reasons] as Json });
}
