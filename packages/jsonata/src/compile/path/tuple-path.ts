import type { Frame } from '../../frame.ts';
import type { NodeOf, Stage, Syntax } from '../../front/syntax.ts';
import { empty } from '../../value/list.ts';
import { type Code, code } from '../code.ts';
import type { Scope } from '../scope.ts';
import { compileSort } from '../sort.ts';
import { bind, joined, labelsOf, type Tuple, TupleStream, tupleScope } from '../tuples.ts';
import { endingOf } from './ending.ts';
import { compileStep, markContext, type Step } from './step.ts';
import { tupleFilter } from './tuple-filter.ts';
import { type TupleGroup, tupleGroup } from './tuple-group.ts';

type Path = NodeOf<'path'>;
type Turn = (tuples: readonly Tuple[], frame: Frame) => readonly Tuple[];

interface TupleStep {
  readonly turn: Turn;
  readonly height: number;
}

/** A path that binds variables to its items: `a@$x`, `a#$i`, or one that a `%` reaches back into. */
export function compileTuplePath(node: Path, scope: Scope): Code {
  const firstTuple = node.steps.findIndex(({ tuple }) => tuple);
  const plain = node.steps.slice(0, firstTuple).map((step, index) => compileStep(step, scope, index === 0, undefined));
  const steps = node.steps
    .slice(firstTuple)
    .map((step, index) => compileTupleStep(node, firstTuple + index, step, scope));
  const group = node.group && tupleGroup(node.group, allLabels(node), scope);
  const startsWithVariable = node.steps[0]?.type === 'variable';
  const heights = [...plain, ...steps, ...(group ? [group] : [])].map(({ height }) => height);
  const run = (input: unknown, frame: Frame) => {
    const start = Array.isArray(input) && !startsWithVariable ? (input as unknown[]) : [input];
    if (plain[0]?.givesList && start !== input) markContext(start, frame);
    const items = walkPlain(plain, start, frame);
    if (items.length === 0 && plain.length > 0)
      return group ? group.ofItems(items, frame) : nothing(node, items, plain, frame);
    let tuples: readonly Tuple[] = items.map((item) => ({ item, bound: undefined }));
    for (const { turn } of steps) tuples = turn(tuples, frame);
    return ended(node, tuples, group, frame);
  };
  return code(run, [], [{ run, cost: 0, height: Math.max(...heights) + 1 }]);
}

/** A list constructor in front that gives an empty list ends the path with it. */
function nothing(node: Path, items: unknown[], plain: readonly Step[], frame: Frame): unknown {
  return plain[0]?.givesList && items !== empty ? endingOf(node).list(items, frame) : undefined;
}

function walkPlain(steps: readonly Step[], start: unknown[], frame: Frame): unknown[] {
  let items = start;
  for (const step of steps) {
    items = step.walk(items, frame) as unknown[];
    if (items.length === 0) return items;
  }
  return items;
}

function ended(node: Path, tuples: readonly Tuple[], group: TupleGroup | undefined, frame: Frame): unknown {
  if (group) return group.ofTuples(tuples, frame);
  if (node.tuple) return new TupleStream(tuples);
  return endingOf(node).sequence(
    tuples.map(({ item }) => item),
    frame,
  );
}

/** Labels that the steps up to and including this one bind. */
function labelsUpTo({ steps }: Path, count: number): string[] {
  return [...new Set(steps.slice(0, count).flatMap(labelsOf))];
}

function allLabels(node: Path): string[] {
  return labelsUpTo(node, node.steps.length);
}

function compileTupleStep(path: Path, index: number, node: Syntax, scope: Scope): TupleStep {
  const before = labelsUpTo(path, index);
  const step = node.type === 'sort' ? sortStep(node, before, scope) : evaluatedStep(node, before, scope);
  const stages = (node.stages ?? []).map((stage) => compileStage(stage, labelsUpTo(path, index + 1), scope));
  return {
    turn: (tuples, frame) => {
      let result = step.turn(tuples, frame);
      for (const { turn } of stages) result = turn(result, frame);
      return result;
    },
    height: Math.max(step.height, ...stages.map(({ height }) => height)) + 1,
  };
}

function compileStage(stage: Stage, labels: readonly string[], scope: Scope): TupleStep {
  if (stage.type === 'filter') return tupleFilter(stage, labels, scope);
  return {
    turn: (tuples) => tuples.map(({ item, bound }, index) => ({ item, bound: bind(bound, stage.value, index) })),
    height: 1,
  };
}

function sortStep(node: NodeOf<'sort'>, labels: readonly string[], scope: Scope): TupleStep {
  const inner = tupleScope(
    labels,
    node.terms.map(({ expression }) => expression),
    scope,
  );
  const sort = compileSort(node, inner.scope);
  const { index: label } = node;
  return {
    turn: (tuples, frame) => {
      const sorted = sort.run(tuples, frame, (term, tuple) => term.run(tuple.item, inner.enter(tuple.bound, frame)));
      return label === undefined
        ? sorted
        : sorted.map(({ item, bound }, index) => ({ item, bound: bind(bound, label, index) }));
    },
    height: sort.height,
  };
}

function evaluatedStep(node: Syntax, labels: readonly string[], scope: Scope): TupleStep {
  const inner = tupleScope(labels, [node], scope);
  const step = scope.unit.compile(node, inner.scope, 'tuples');
  const size = 64 + 16 * (labels.length + 1);
  return {
    turn: (tuples, frame) => {
      const { run } = frame;
      run.spend(tuples.length * step.cost, node.position);
      const result: Tuple[] = [];
      for (const tuple of tuples) {
        const value = step.run(tuple.item, inner.enter(tuple.bound, frame));
        if (value === undefined) continue;
        const count = value instanceof TupleStream ? value.tuples.length : Array.isArray(value) ? value.length : 1;
        run.spend(count, node.position);
        run.allocate(count * size, node.position);
        addTuples(result, tuple, value, node);
      }
      return result;
    },
    height: step.height + 1,
  };
}

function addTuples(result: Tuple[], from: Tuple, value: unknown, node: Syntax): void {
  if (value instanceof TupleStream) {
    for (const { item, bound: inner } of value.tuples) result.push({ item, bound: joined(from.bound, inner) });
    return;
  }
  const values = Array.isArray(value) ? value : [value];
  for (let index = 0; index < values.length; index++) result.push(next(from, values[index], index, node));
}

/** With a focus (`@$x`) the item stays and the variable holds what the step has given. */
function next(from: Tuple, value: unknown, index: number, { focus, index: position, ancestor }: Syntax): Tuple {
  let { bound } = from;
  if (focus !== undefined) bound = bind(bound, focus, value);
  if (position !== undefined) bound = bind(bound, position, index);
  if (ancestor) bound = bind(bound, ancestor.label, from.item);
  return { item: focus === undefined ? value : from.item, bound };
}
