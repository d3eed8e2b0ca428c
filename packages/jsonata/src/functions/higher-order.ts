import { arity, type Callable, call, callBack } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { holds } from '../value/truth.ts';
import { define, type Functions } from './define.ts';

type List = readonly unknown[];

/** Functions that call a function for each item: with the item, its index from 0 and the whole list. */
export const higherOrder: Functions = {
  map: define('<af>', 2, map),
  filter: define('<af>', 2, filter),
  single: define('<af?>', 2, single),
  reduce: define('<afj?:j>', 3, reduce),
};

function map(run: Run, list?: List, callee?: Callable): unknown {
  if (list === undefined) return undefined;
  charge(run, list);
  const found: unknown[] = [];
  for (let index = 0; index < list.length; index++) {
    const answer = callBack(run, callee as Callable, list[index], index, list);
    if (answer !== undefined) found.push(answer);
  }
  return run.marks.asSequence(found);
}

function charge(run: Run, list: List): void {
  run.spend(2 * list.length);
  run.allocateList(list.length);
}

function filter(run: Run, list?: List, callee?: Callable): unknown {
  if (list === undefined) return undefined;
  charge(run, list);
  return run.marks.asSequence(
    list.filter((item, index) => holds(run, callBack(run, callee as Callable, item, index, list))),
  );
}

/** The only item that the function holds for. @throws {JsonataError} D3138 for several, D3139 for none */
function single(run: Run, list?: List, callee?: Callable): unknown {
  if (list === undefined) return undefined;
  charge(run, list);
  const found = list.filter((item, index) => !callee || holds(run, callBack(run, callee, item, index, list)));
  if (found.length !== 1) throw new JsonataError(found.length > 1 ? 'D3138' : 'D3139', { index: 1 });
  return found[0];
}

/** @throws {JsonataError} D3050 when the function does not take two arguments */
function reduce(run: Run, list?: List, callee?: Callable, start?: unknown): unknown {
  if (list === undefined) return undefined;
  const reducer = callee as Callable;
  const count = reducer[arity];
  if (count < 2) throw new JsonataError('D3050', { index: 1 });
  charge(run, list);
  const startsInside = start === undefined && list.length > 0;
  let result = startsInside ? list[0] : start;
  for (let index = startsInside ? 1 : 0; index < list.length; index++) {
    const args = [result, list[index], index, list].slice(0, count);
    result = reducer[call](run, args, undefined);
  }
  return result;
}
