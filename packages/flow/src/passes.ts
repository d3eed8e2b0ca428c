import type { EachPasses, Passes } from './run-state.ts';

/*
 * The account that a loop keeps of its passes. Items are asked for one after the other, so that the window of passes
 * under way is always full and a list is read as the passes go along; they may come in any order.
 */

export function beginEach(options: Pick<EachPasses, 'concurrency' | 'onItemError' | 'total'>): EachPasses {
  const { concurrency, onItemError, total } = options;
  return withFullWindow({
    kind: 'each',
    concurrency,
    onItemError,
    ...(total !== undefined && { total }),
    next: 0,
    asked: [],
    running: [],
    ended: 0,
    failed: 0,
  });
}

/** @returns nothing where the item was not asked for */
export function itemCame(passes: EachPasses, index: number): EachPasses | undefined {
  if (!passes.asked.includes(index)) return undefined;
  return { ...passes, asked: without(passes.asked, index), running: [...passes.running, index] };
}

/** The list has no such item, so neither has it any behind. */
export function listEnded(passes: EachPasses, index: number): EachPasses | undefined {
  if (!passes.asked.includes(index)) return undefined;
  return { ...passes, total: index, asked: passes.asked.filter((each) => each < index) };
}

export function passIsOver(passes: EachPasses, index: number, failed: boolean): EachPasses {
  return withFullWindow({
    ...passes,
    running: without(passes.running, index),
    ended: passes.ended + 1,
    failed: passes.failed + (failed ? 1 : 0),
  });
}

/** The next pass of a node that asks for one at a time; whatever pass was before is over. */
export function oneMore(passes: Passes | undefined): { readonly passes: Passes; readonly index: number } {
  const index = passes?.next ?? 0;
  return { passes: { kind: 'pass', next: index + 1, running: [index] }, index };
}

export function isComplete({ total, ended }: EachPasses): boolean {
  return ended === total;
}

/** Items that have been asked for since. */
export function newlyAsked(before: EachPasses | undefined, { asked }: EachPasses): readonly number[] {
  const first = before?.next ?? 0;
  return asked.filter((index) => index >= first);
}

function withFullWindow(passes: EachPasses): EachPasses {
  const { concurrency, total = Number.POSITIVE_INFINITY, next, asked, running } = passes;
  const free = Math.max(0, Math.min(concurrency - asked.length - running.length, total - next));
  const more = Array.from({ length: free }, (_, offset) => next + offset);
  return { ...passes, next: next + free, asked: [...asked, ...more] };
}

function without(indices: readonly number[], index: number): readonly number[] {
  return indices.filter((each) => each !== index);
}
