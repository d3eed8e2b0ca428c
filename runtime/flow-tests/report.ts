import type { FlowBundle, FlowDocument, FlowEdge } from '@millrace/flow';
import type { ObservedRun } from './observe.ts';
import type { TestReport } from './run-test.ts';

/** How the tests of a flow went. */
export interface SuiteReport {
  readonly tests: readonly ReportedTest[];
  /** `from:port → to` of every edge that no test takes. */
  readonly untaken: readonly string[];
  readonly passed: number;
  readonly failed: number;
}

/** How one test went. */
export interface ReportedTest extends Omit<TestReport, 'runs'> {
  /** Its file, without `.json`. */
  readonly file: string;
  /** The nodes that its runs came to, sorted. */
  readonly nodes: readonly string[];
  /** What they did, where it was asked for. */
  readonly runs?: readonly ObservedRun[];
}

export type FiledReport = TestReport & { readonly file: string };

/** How the tests of a flow went together. */
export function reportOf({ flow }: FlowBundle, reports: readonly FiledReport[], withRuns = false): SuiteReport {
  const failed = reports.filter(({ mismatches }) => mismatches.length > 0).length;
  const runs = reports.flatMap((report) => report.runs);
  const tests = reports.map(({ runs, ...report }) => ({ ...report, nodes: nodesOf(runs), ...(withRuns && { runs }) }));
  return { tests, untaken: untakenEdges(flow, runs), passed: reports.length - failed, failed };
}

function nodesOf(runs: readonly ObservedRun[]): string[] {
  const nodes = runs.flatMap(({ trigger, steps }) => [trigger, ...steps.map(({ node }) => node)]);
  return [...new Set(nodes)].sort();
}

/** An edge is taken when its start has left by its port and its end was run after it. */
function untakenEdges(flow: FlowDocument, runs: readonly ObservedRun[]): string[] {
  const left = new Set(runs.flatMap(({ steps }) => steps.map((step) => `${step.node}:${leftBy(step)}`)));
  const entered = new Set(runs.flatMap(({ steps }) => steps.map((step) => step.node)));
  const begun = new Set(runs.map(({ trigger }) => trigger));
  const isLeft = ({ from, port }: FlowEdge) =>
    begun.has(from) || (port === undefined ? leavesPlainly(left, from) : left.has(`${from}:${port}`));
  return flow.edges
    .filter((edge) => !entered.has(edge.to) || !isLeft(edge))
    .map(({ from, port, to }) => `${from}${port ? `:${port}` : ''} → ${to}`);
}

function leftBy(step: ObservedRun['steps'][number]): string {
  return step.status === 'failed' ? 'error' : (step.port ?? '');
}

/** By whatever port is the node's ordinary one: any but the error port. */
function leavesPlainly(left: ReadonlySet<string>, from: string): boolean {
  return [...left].some((one) => one.startsWith(`${from}:`) && one !== `${from}:error`);
}
