import { activeStep, type EachPasses, type StepEvent } from '@millrace/flow';
import type { Owed } from './owed.ts';
import { guardedEvent, listOf, type Performed, type StepWork, type Tools } from './perform.ts';

/*
 * What a loop step does besides running its node: it reads items, and puts together what their passes gave. Which item
 * came when is a fact that no repeat would find again.
 */

/** The item of a pass that is to begin. */
export function readItem(work: StepWork, index: number, tools: Tools): Promise<Performed> {
  const { step } = work;
  return reading(work, tools, async () => {
    const found = await tools.loops.item(step, index, () => listOf(work, tools));
    const about = { step, index, at: now(tools) };
    return found ? { type: 'item', ...about, input: found.value } : { type: 'noItem', ...about };
  });
}

/** What all passes of a loop gave; some of it may not be stored yet. */
export function gatherResults(work: StepWork, owed: Owed, tools: Tools): Promise<Performed> {
  const { state, step } = work;
  const uncommitted = owed.resultsOf(step);
  return reading(work, tools, async () => {
    const passes = activeStep(state, step)?.passes as EachPasses;
    const data = await tools.loops.gather(step, passes, uncommitted);
    return { type: 'emit', step, port: passes.failed === 0 ? 'out' : 'partial', data, at: now(tools) };
  });
}

async function reading({ run, step }: StepWork, tools: Tools, read: () => Promise<StepEvent>): Promise<Performed> {
  return { step, event: await guardedEvent({ run: run.id, step }, read, tools) };
}

function now({ clock }: Tools): string {
  return clock.now().toISOString();
}
