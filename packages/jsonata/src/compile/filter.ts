import type { Frame } from '../frame.ts';
import type { Filter, NodeOf, Syntax } from '../front/syntax.ts';
import type { Run } from '../run.ts';
import { empty } from '../value/list.ts';
import { holds } from '../value/truth.ts';
import { isListOfNumbers } from '../value/type.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';
import { TupleStream } from './tuples.ts';

/**
 * What a filter makes of a value. A list is a sequence, not yet made a value; only the item that an index finds is
 * given as it is: if it is a list, it is an ordinary one.
 */
export interface Filtering {
  readonly filter: (value: unknown, frame: Frame) => unknown;
  readonly height: number;
  /** Lists among the results are items, not sequences; `empty` is none at all. */
  readonly givesItem: boolean;
}

export function compileFilter({ expr, position }: Filter, scope: Scope): Filtering {
  if (isPlainNumber(expr)) return byIndex(Math.floor(expr.value));
  const predicate = scope.unit.compile(expr, scope);
  return {
    filter: (value, frame) => matching(Array.isArray(value) ? value : [value], predicate, frame, position),
    height: predicate.height + 1,
    givesItem: false,
  };
}

function isPlainNumber(node: Syntax): node is NodeOf<'number'> {
  return node.type === 'number' && typeof node.value === 'number';
}

function byIndex(index: number): Filtering {
  return {
    filter: (value) => {
      if (value instanceof TupleStream) return value.at(index);
      const item = Array.isArray(value) ? itemAt(value, index) : index === 0 || index === -1 ? value : undefined;
      return item === undefined ? empty : item;
    },
    height: 1,
    givesItem: true,
  };
}

function itemAt(list: readonly unknown[], index: number): unknown {
  return list[index < 0 ? list.length + index : index];
}

function matching(
  items: readonly unknown[],
  { run: predicate, cost }: Code,
  frame: Frame,
  position: number | undefined,
): unknown[] {
  const { run } = frame;
  run.spend(items.length * (cost + 1), position);
  const found: unknown[] = [];
  for (let index = 0; index < items.length; index++) {
    const answer = predicate(items[index], frame);
    if (answer === true) found.push(items[index]);
    else if (answer !== false) {
      for (let times = timesSelected(run, answer, index, items.length); times > 0; times--) found.push(items[index]);
    }
  }
  run.allocateList(found.length, position);
  return found;
}

/**
 * How often an item is selected. A number or list of numbers names positions, from the end where negative, and may
 * name one several times; all else holds or not.
 */
export function timesSelected(run: Run, answer: unknown, index: number, length: number): number {
  const numbers = typeof answer === 'number' ? [answer] : answer;
  if (Array.isArray(numbers)) run.spend(numbers.length);
  if (!isListOfNumbers(numbers)) return holds(run, answer) ? 1 : 0;
  let times = 0;
  for (const number of numbers) {
    const position = Math.floor(number);
    if ((position < 0 ? length + position : position) === index) times++;
  }
  return times;
}
