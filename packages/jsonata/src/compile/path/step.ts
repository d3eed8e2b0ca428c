import type { Frame } from '../../frame.ts';
import type { Syntax } from '../../front/syntax.ts';
import type { Run } from '../../run.ts';
import { empty } from '../../value/list.ts';
import type { Closure } from '../code.ts';
import { compileFilter, type Filtering } from '../filter.ts';
import type { Scope } from '../scope.ts';
import { compileSort } from '../sort.ts';
import type { Ending } from './ending.ts';
import { isPlainName, nameOf, nameOfEach } from './names.ts';

export interface Step {
  /** From all items to all that they give, in a list; of the last step what its ending makes of them. */
  readonly walk: (items: unknown[], frame: Frame) => unknown;
  readonly height: number;
  /**
   * A list constructor in front: it is evaluated once for all items, and what it gives is an ordinary list, which stays
   * one when it is empty.
   */
  readonly givesList?: boolean;
}

/** @param ending of the last step */
export function compileStep(node: Syntax, scope: Scope, isFirst: boolean, ending: Ending | undefined): Step {
  if (node.type === 'sort') return sortStep(node, scope, ending);
  if (isFirst && node.consarray) return constructedStep(node, scope, ending);
  if (isPlainName(node) && !ending) {
    const name = nameOf(node);
    return { walk: (items, frame) => nameOfEach(items, name, frame), height: 1 };
  }
  return evaluatedStep(node, scope, ending);
}

/** A list constructor in front is evaluated once; its items are the items. */
function constructedStep(node: Syntax, scope: Scope, ending: Ending | undefined): Step {
  const list = scope.unit.compile(node, scope);
  const { run } = list;
  return {
    walk: (items, frame) => {
      const made = run(items, frame);
      frame.run.spend(list.cost, node.position);
      if (!ending) return Array.isArray(made) ? made : empty;
      return Array.isArray(made) ? ending.list(made, frame) : made;
    },
    height: list.height + 1,
    givesList: true,
  };
}

/** The list around the input that a list constructor in front is evaluated for: a sequence, which `$` makes a value. */
export function markContext(items: unknown[], { run }: Frame): void {
  run.allocate(100);
  run.marks.asSequence(items);
}

function sortStep(node: Syntax & { type: 'sort' }, scope: Scope, ending: Ending | undefined): Step {
  const sort = compileSort(node, scope);
  const filters = compileFilters(node, scope);
  const last = filters.at(-1);
  return {
    walk: (items, frame) => {
      let value: unknown = sort.run(items, frame);
      for (const { filter } of filters) value = filter(value, frame);
      if (!Array.isArray(value)) return ending ? ending.sequence([value], frame) : [value];
      if (!ending) return value;
      return last?.givesItem && value !== empty ? ending.list(value, frame) : ending.sequence(value, frame);
    },
    height: Math.max(sort.height, ...filters.map(({ height }) => height)) + 1,
  };
}

function evaluatedStep(node: Syntax, scope: Scope, ending: Ending | undefined): Step {
  const step = scope.unit.compile(node, scope);
  const filters = compileFilters(node, scope);
  const each = filters.length === 0 ? step.run : filtered(step.run, filters);
  const listsAreSequences = filters.length > 0 && !filters.at(-1)?.givesItem;
  const gather = { each, cost: step.cost + filters.length, position: node.position, listsAreSequences };
  return {
    walk: ending
      ? (items, frame) => lastOf(items, gather, ending, frame)
      : (items, frame) => allOf(items, gather, frame),
    height: Math.max(step.height, ...filters.map(({ height }) => height)) + 1,
  };
}

function compileFilters({ stages = [] }: Syntax, scope: Scope): Filtering[] {
  return stages.flatMap((stage) => (stage.type === 'filter' ? [compileFilter(stage, scope)] : []));
}

function filtered(step: Closure, filters: readonly Filtering[]): Closure {
  return (input, frame) => {
    let value = step(input, frame);
    for (let index = 0; index < filters.length; index++) value = (filters[index] as Filtering).filter(value, frame);
    return value;
  };
}

interface Gather {
  readonly each: Closure;
  readonly cost: number;
  readonly position: number | undefined;
  /** What `each` gives as a list is a sequence, in every case. */
  readonly listsAreSequences: boolean;
}

function allOf(items: readonly unknown[], { each, cost, position }: Gather, frame: Frame): unknown[] {
  const { run } = frame;
  run.spend(items.length * cost, position);
  run.allocateList(items.length, position);
  const found: unknown[] = [];
  for (let index = 0; index < items.length; index++) {
    const value = each(items[index], frame);
    if (value === undefined) continue;
    if (Array.isArray(value)) addItems(found, value, run, position);
    else found.push(value);
  }
  return found;
}

function lastOf(items: readonly unknown[], gather: Gather, ending: Ending, frame: Frame): unknown {
  const { each, cost, position } = gather;
  const { run } = frame;
  run.spend(items.length * cost, position);
  run.allocateList(items.length, position);
  const found: unknown[] = [];
  let givers = 0;
  let list: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const value = each(items[index], frame);
    if (value === undefined) continue;
    givers++;
    if (Array.isArray(value)) {
      list = value;
      addItems(found, value, run, position);
    } else found.push(value);
  }
  const single = givers === 1 && list !== undefined && list !== empty ? list : undefined;
  if (!single || gather.listsAreSequences || run.marks.isSequence(single)) return ending.sequence(found, frame);
  return ending.list(single, frame);
}

function addItems(found: unknown[], list: unknown[], run: Run, position: number | undefined): void {
  if (run.marks.isItem(list)) {
    found.push(list);
    return;
  }
  run.allocateList(list.length, position);
  run.spend(list.length, position);
  for (let index = 0; index < list.length; index++) found.push(list[index]);
}
