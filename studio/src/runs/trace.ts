import type { RunDetail, RunWait, Step } from '../api/types.ts';
import type { Catalog, Mark, Trace } from '../canvas/drawing.ts';
import { edgeId } from '../canvas/drawing.ts';
import { ordinaryPort } from '../editor/ports.ts';

/** How the trigger is told on the canvas; it is not a step of the run. */
const received: Mark = { status: 'done', note: '' };

/** The last step of each node: a node that is passed several times shows how it fared last. */
export function lastSteps(steps: readonly Step[]): Map<string, Step> {
  return new Map(steps.map((step) => [step.node, step]));
}

export function waitOf(step: Step, waits: readonly RunWait[]): RunWait | undefined {
  return waits.findLast((wait) => wait.step === step.key);
}

/**
 * What is drawn over the flow: how each node fared, and which edges were taken.
 * @param note a few words on a step
 */
export function traceOf(
  run: Pick<RunDetail, 'document' | 'trigger' | 'steps' | 'waits'>,
  catalog: Catalog,
  note: (step: Step) => string,
): Trace {
  const steps = lastSteps(run.steps);
  const marks = [...steps.values()].map((step): [string, Mark] => [
    step.node,
    { status: isOverdue(step, run.waits) ? 'overdue' : step.status, note: note(step) },
  ]);
  const taken = run.document.edges.filter(({ from, port, to }) => {
    const ordinary = ordinaryPort(catalog.get(run.document.nodes[from]?.type ?? ''));
    const left = from === run.trigger.node ? ordinary : steps.get(from)?.port;
    return steps.has(to) && left === (port ?? ordinary);
  });
  return { marks: new Map([[run.trigger.node, received], ...marks]), taken: new Set(taken.map(edgeId)) };
}

function isOverdue(step: Step, waits: readonly RunWait[]): boolean {
  const wait = step.status === 'waiting' ? waitOf(step, waits) : undefined;
  return wait !== undefined && wait.overdueSince !== null;
}
