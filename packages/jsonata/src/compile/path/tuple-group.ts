import type { Frame } from '../../frame.ts';
import type { Grouping } from '../../front/syntax.ts';
import type { Run } from '../../run.ts';
import { Gathered } from '../../value/gathered.ts';
import type { Code } from '../code.ts';
import { addItem, compilePairs, type Groups, groupCode } from '../group.ts';
import type { Scope } from '../scope.ts';
import { bind, type Tuple, tupleScope, type Variables, variablesOf } from '../tuples.ts';

export interface TupleGroup {
  ofTuples(tuples: readonly Tuple[], frame: Frame): unknown;
  /** Where the path has ended before its tuples begin. */
  ofItems(items: unknown[], frame: Frame): unknown;
  readonly height: number;
}

/** Tuples of one key become one: what each variable stands for in them, put together in a list. */
export function tupleGroup(grouping: Grouping, labels: readonly string[], scope: Scope): TupleGroup {
  const inner = tupleScope(labels, grouping.lhs.flat(), scope);
  const pairs = compilePairs(grouping, inner.scope);
  const plain = groupCode(pairs);
  const cost = pairs.keys.reduce((sum, { cost: each }) => sum + each, 1);
  return {
    ofTuples: (tuples, frame) => {
      frame.run.spend(tuples.length * cost, grouping.position);
      const groups: Groups = new Map();
      for (const tuple of tuples) addItem(groups, tuple, tuple.item, pairs, inner.enter(tuple.bound, frame));
      return valuesOf(groups, pairs.values, (bound) => inner.enter(bound, frame), frame);
    },
    ofItems: (items, frame) => plain.run(items, frame),
    height: plain.height,
  };
}

function valuesOf(
  groups: Groups,
  values: readonly Code[],
  enter: (bound: Tuple['bound']) => Frame,
  { run }: Frame,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, { data, pair }] of groups) {
    const { item, bound } = together(run, Array.isArray(data.value) ? data.value : [data.value]);
    const value = values[pair] as Code;
    run.spend(value.cost);
    const found = value.run(item, enter(bound));
    if (found !== undefined) result[name] = found;
  }
  return result;
}

function together(run: Run, tuples: readonly Tuple[]): Tuple {
  const [first, ...others] = tuples as [Tuple, ...Tuple[]];
  const item = new Gathered(first.item);
  const values = new Map([...variablesOf(first.bound)].map(([name, value]) => [name, new Gathered(value)]));
  for (const other of others) {
    item.add(run, other.item);
    for (const [name, value] of variablesOf(other.bound)) values.get(name)?.add(run, value);
  }
  let bound: Variables | undefined;
  for (const [name, { value }] of values) bound = bind(bound, name, value);
  return { item: item.value, bound };
}
