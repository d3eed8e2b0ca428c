import type { Frame } from '../frame.ts';
import type { Syntax } from '../front/syntax.ts';
import { namesBoundBy, outlives } from './bound-names.ts';
import type { Scope } from './scope.ts';

/** A variable that a step has bound to an item (`@$x`, `#$i`, `%`), and those that the steps before have bound. */
export interface Variables {
  readonly label: string;
  readonly value: unknown;
  readonly before: Variables | undefined;
}

/** An item of a path together with its variables. */
export interface Tuple {
  readonly item: unknown;
  readonly bound: Variables | undefined;
}

/** What a path gives whose tuples are needed further on; it never becomes a value of the language. */
export class TupleStream {
  readonly tuples: readonly Tuple[];

  constructor(tuples: readonly Tuple[]) {
    this.tuples = tuples;
  }

  at(index: number): TupleStream {
    const tuple = this.tuples.at(index);
    return new TupleStream(tuple ? [tuple] : []);
  }
}

/** The variables of tuples as those of a scope. */
export interface TupleScope {
  readonly scope: Scope;
  /** The frame in which what belongs to the tuple is evaluated. */
  enter(bound: Variables | undefined, frame: Frame): Frame;
}

/**
 * @param labels names that the tuples bind
 * @param nodes what is evaluated in the scope
 */
export function tupleScope(labels: readonly string[], nodes: readonly Syntax[], outer: Scope): TupleScope {
  const own = nodes.some(outlives);
  const scope = outer.within(new Set([...labels, ...namesBoundBy(...nodes)]), own);
  for (const label of labels) scope.settle(label);
  const slots = labels.map((label) => scope.slotOf(label));
  const fill = (bound: Variables | undefined, frame: Frame) => {
    for (let index = 0; index < slots.length; index++) frame.slots[slots[index] as number] = undefined;
    put(bound, frame.slots, labels, slots);
    return frame;
  };
  if (!own) return { scope, enter: fill };
  return { scope, enter: (bound, frame) => fill(bound, scope.layout.frame(frame.run, frame)) };
}

/** The latest binding of a name comes last, and counts. */
function put(
  bound: Variables | undefined,
  values: unknown[],
  labels: readonly string[],
  slots: readonly number[],
): void {
  if (!bound) return;
  put(bound.before, values, labels, slots);
  const index = labels.indexOf(bound.label);
  if (index >= 0) values[slots[index] as number] = bound.value;
}

/** All variables, the latest binding of each name. */
export function variablesOf(bound: Variables | undefined): Map<string, unknown> {
  return bound ? variablesOf(bound.before).set(bound.label, bound.value) : new Map();
}

export function bind(before: Variables | undefined, label: string, value: unknown): Variables {
  return { label, value, before };
}

/** @param later bound within what the others are bound around */
export function joined(before: Variables | undefined, later: Variables | undefined): Variables | undefined {
  return later ? bind(joined(before, later.before), later.label, later.value) : before;
}

/** Names that the tuples of a node bind. */
export function labelsOf(node: Syntax): string[] {
  const own = [node.focus, node.index, node.ancestor?.label].filter((label) => label !== undefined);
  const stages = (node.stages ?? []).flatMap((stage) => (stage.type === 'index' ? [stage.value] : []));
  return [...own, ...stages, ...innerLabels(node)];
}

function innerLabels(node: Syntax): string[] {
  if (!node.tuple) return [];
  if (node.type === 'path') return node.steps.flatMap(labelsOf);
  const last = node.type === 'block' ? node.expressions.at(-1) : undefined;
  return last ? innerLabels(last) : [];
}
