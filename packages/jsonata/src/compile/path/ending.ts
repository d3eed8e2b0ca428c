import type { Frame } from '../../frame.ts';
import type { NodeOf } from '../../front/syntax.ts';
import type { Closure } from '../code.ts';

/** What becomes of the result of a path's last step. */
export interface Ending {
  /** The items that the step gave for all of its input. */
  sequence(items: unknown[], frame: Frame): unknown;
  /** The step gave a single list, which is an ordinary one. */
  list(list: unknown[], frame: Frame): unknown;
}

/** One item is that item, none is no value; an ordinary list stays what it is. */
const collapsing: Ending = { sequence: (items, { run }) => run.marks.collapsed(items), list: (list) => list };

/** `[]` behind the path: one item stays a list. */
const keeping: Ending = {
  sequence: (items, { run }) => (items.length === 0 ? undefined : run.marks.asKept(items)),
  list: (list) => list,
};

/** `[]` behind a step: so does a list written with brackets, in a list of its own. */
const keepingItems: Ending = {
  ...keeping,
  list: (list, { run }) => (run.marks.isItem(list) ? run.marks.asKept([list]) : list),
};

export function endingOf({ keepSingletonArray, keepArray }: NodeOf<'path'>): Ending {
  if (keepSingletonArray) return keepingItems;
  return keepArray ? keeping : collapsing;
}

/** `{…}` behind the path. */
export function grouping(group: Closure): Ending {
  return { sequence: group, list: group };
}
