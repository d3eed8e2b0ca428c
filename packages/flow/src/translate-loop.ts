import type { Json } from '@millrace/contract';
import { tooManyPasses, tooWide, withoutBody } from './failure.ts';
import { beginEach, isComplete, itemCame, listEnded, newlyAsked, oneMore } from './passes.ts';
import type { Action, EachPasses, LoopEvent, MachineState, Passes } from './run-state.ts';
import type { StepKey } from './step-key.ts';
import { failed, type Place, type Translated } from './translate.ts';

/** Besides what the loop's own machine hears: the pass that begins. */
export interface TranslatedLoop extends Translated {
  readonly begins?: { readonly index: number; readonly input: Json };
}

/** A loop step's passes that have not been closed. */
export type PassOf = (index: number) => MachineState | undefined;

/** What a loop's machine hears of its passes; nothing where the loop is not in the state for it. */
export function translateLoop(place: Place, event: LoopEvent, passOf: PassOf): TranslatedLoop | undefined {
  const { passes } = place.active;
  if (!place.step.body) return broken(place, event, withoutBody(place.step));
  switch (event.type) {
    case 'each':
      return passes ? undefined : each(place, event);
    case 'item':
      return passes?.kind === 'each' ? item(place, event, passes) : undefined;
    case 'noItem':
      return passes?.kind === 'each' ? noItem(place, event, passes) : undefined;
    case 'pass':
      return mayBeginOneMore(passes, passOf) ? onePass(place, event, passes) : undefined;
  }
}

/** The loop's account after one of its passes is over, and what is to be asked for because of it. */
export function accounted(place: Place, at: string, after: EachPasses): Translated {
  const { step, active } = place;
  const before = active.passes?.kind === 'each' ? active.passes : undefined;
  const asked = newlyAsked(before, after).map((index) => nextItem(step.key, index));
  return { event: kept(place, at, after), alerts: isComplete(after) ? [gather(step.key, after)] : asked };
}

/** What an active loop, or any other step, waits for its engine to do; asked again after a pause or a crash. */
export function asksOf(step: StepKey, passes: Passes | undefined, passOf: PassOf): readonly Action[] {
  if (passes?.kind === 'each') {
    return isComplete(passes) ? [gather(step, passes)] : passes.asked.map((index) => nextItem(step, index));
  }
  const [index] = passes?.running ?? [];
  if (index === undefined) return [{ type: 'perform', step }];
  const pass = passOf(index);
  if (pass?.outcome?.outcome !== 'succeeded') return [];
  return [{ type: 'passEnded', step, index, output: pass.outcome.output, at: pass.context.at }];
}

function each(place: Place, event: Extract<LoopEvent, { type: 'each' }>): TranslatedLoop {
  const { passes: most, passesAtOnce } = place.plan.bounds;
  const { concurrency, onItemError, total } = event;
  if (!(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= passesAtOnce))
    return broken(place, event, tooWide(place.step, concurrency, passesAtOnce));
  if (total !== undefined && total > most) return broken(place, event, tooManyPasses(place.step, most));
  return accounted(place, event.at, beginEach({ concurrency, onItemError, ...(total !== undefined && { total }) }));
}

function item(
  place: Place,
  event: Extract<LoopEvent, { type: 'item' }>,
  passes: EachPasses,
): TranslatedLoop | undefined {
  const { index, input, at } = event;
  const after = itemCame(passes, index);
  if (!after) return undefined;
  if (index >= place.plan.bounds.passes)
    return broken(place, event, tooManyPasses(place.step, place.plan.bounds.passes));
  return { event: kept(place, at, after), alerts: [], begins: { index, input } };
}

function noItem(place: Place, { index, at }: Extract<LoopEvent, { type: 'noItem' }>, passes: EachPasses) {
  const after = listEnded(passes, index);
  return after && accounted(place, at, after);
}

/** Not while a pass is under way; one that has ended is answered by the next. */
function mayBeginOneMore(passes: Passes | undefined, passOf: PassOf): boolean {
  return passes?.kind !== 'each' && (passes?.running ?? []).every((index) => passOf(index)?.outcome !== undefined);
}

function onePass(
  place: Place,
  event: Extract<LoopEvent, { type: 'pass' }>,
  before: Passes | undefined,
): TranslatedLoop {
  const { passes, index } = oneMore(before);
  if (index >= place.plan.bounds.passes)
    return broken(place, event, tooManyPasses(place.step, place.plan.bounds.passes));
  return { event: kept(place, event.at, passes), alerts: [], begins: { index, input: event.input } };
}

function kept({ step }: Place, at: string, passes: Passes): Translated['event'] {
  return { type: 'passes', step: step.key, at, passes };
}

/** The loop cannot go on, and would not if it were tried again. */
function broken(place: Place, { at }: LoopEvent, error: Parameters<typeof failed>[1]): Translated {
  const translated = failed(place, error, at, true);
  return { ...translated, alerts: [...translated.alerts, { type: 'loopFailed', step: place.step.key, error }] };
}

function nextItem(step: StepKey, index: number): Action {
  return { type: 'nextItem', step, index };
}

function gather(step: StepKey, { failed }: EachPasses): Action {
  return { type: 'gather', step, failed };
}
