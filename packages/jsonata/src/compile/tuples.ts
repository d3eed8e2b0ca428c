import type { Frame } from '../frame.ts';
import type { Syntax } from '../front/syntax.ts';
import { namesBoundBy, outlives } from './bound-names.ts';
import type { Scope } from './scope.ts';

/** An item of a path together with the variables that the steps before have bound to it (`@$x`, `#$i`, `%`). */
export interface Tuple {
  readonly item: unknown;
  readonly bound: Readonly<Record<string, unknown>>;
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
  enter(bound: Readonly<Record<string, unknown>>, frame: Frame): Frame;
}

/**
 * @param labels names that the tuples bind
 * @param nodes what is evaluated in the scope
 */
export function tupleScope(labels: readonly string[], nodes: readonly Syntax[], outer: Scope): TupleScope {
  const own = nodes.some(outlives);
  const names = new Set([...labels, ...nodes.flatMap(namesBoundBy)]);
  const scope = outer.within(names, own);
  for (const label of labels) scope.settle(label);
  const slots = labels.map((label) => scope.slotOf(label));
  const fill = (bound: Readonly<Record<string, unknown>>, frame: Frame) => {
    for (let index = 0; index < labels.length; index++)
      frame.slots[slots[index] as number] = bound[key(labels[index] as string)];
    return frame;
  };
  if (!own) return { scope, enter: fill };
  return { scope, enter: (bound, frame) => fill(bound, scope.layout.frame(frame.run, frame)) };
}

/** A prefix keeps variables named like `__proto__` apart from what JavaScript makes of such keys. */
export function key(label: string): string {
  return `$${label}`;
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
