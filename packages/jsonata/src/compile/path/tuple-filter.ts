import type { Frame } from '../../frame.ts';
import type { Filter } from '../../front/syntax.ts';
import { timesSelected } from '../filter.ts';
import type { Scope } from '../scope.ts';
import { type Tuple, tupleScope } from '../tuples.ts';

/** A filter over tuples: what they bind is in reach of the predicate. */
export function tupleFilter(
  { expr, position }: Filter,
  labels: readonly string[],
  scope: Scope,
): { turn: (tuples: readonly Tuple[], frame: Frame) => readonly Tuple[]; height: number } {
  if (expr.type === 'number') return { turn: (tuples) => tupleAt(tuples, Math.floor(expr.value)), height: 1 };
  const inner = tupleScope(labels, [expr], scope);
  const predicate = scope.unit.compile(expr, inner.scope);
  return {
    turn: (tuples, frame) => {
      frame.run.spend(tuples.length * (predicate.cost + 1), position);
      frame.run.allocateList(tuples.length, position);
      return tuples.flatMap((tuple, index) => {
        const answer = predicate.run(tuple.item, inner.enter(tuple.bound, frame));
        return Array<Tuple>(timesSelected(frame.run, answer, index, tuples.length)).fill(tuple);
      });
    },
    height: predicate.height + 1,
  };
}

function tupleAt(tuples: readonly Tuple[], index: number): readonly Tuple[] {
  const tuple = tuples.at(index);
  return tuple ? [tuple] : [];
}
