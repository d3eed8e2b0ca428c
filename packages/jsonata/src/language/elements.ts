import {
  anything,
  canBe,
  coreOf,
  either,
  listOf,
  perhaps,
  type Shape,
  saysNothing,
  without,
  withPresence,
} from './shape.ts';

/** Lists in lists that are told apart. */
const maxListDepth = 3;

/** What a path, or anything else that walks over lists, meets: the value itself, or what is in it, however deep. */
export function elementsOf(shape: Shape, depth = maxListDepth): Shape {
  if (!canBe(shape, 'array')) return withPresence(shape, 'always');
  const inner = withPresence(shape.items(), 'always');
  const isAllInAll = saysNothing(coreOf(inner)) || !canBe(inner, 'array');
  if (isAllInAll) return withPresence(either(without(shape, 'array'), inner), 'always');
  const deeper = depth === 0 ? anything : elementsOf(inner, depth - 1);
  return withPresence(either(without(shape, 'array'), either(inner, deeper)), 'always');
}

/** The value itself or, where that may be a list, any of its elements: which of them an expression meets depends. */
export function metIn(shape: Shape): Shape {
  const elements = elementsOf(shape);
  return canBe(shape, 'array') ? either(withPresence(shape, 'always'), elements) : elements;
}

/**
 * What a path goes on from, once it has begun: as {@link metIn}, but only a list that the expression has made, and lists
 * in lists, are ever kept together.
 */
export function spreadOf(shape: Shape): Shape {
  return isFlat(shape) ? elementsOf(shape) : metIn(shape);
}

/** Whether a list, if it is one, is none that the expression has written, and none of lists. */
export function isFlat(shape: Shape): boolean {
  return shape.origin === undefined && !canBe(shape.items(), 'array');
}

/** A list of what a path has met. */
export function gathered(shape: Shape): Shape {
  const met = spreadOf(shape);
  if (canBe(met, 'array')) return listOf(met);
  const known = flatLists.get(coreOf(met)) ?? listOf(met);
  flatLists.set(coreOf(met), known);
  return known;
}

/** One list for each kind of items, so that what is gathered from what was gathered is nothing new. */
const flatLists = new WeakMap<Shape, Shape>();

/** One or several of them, or none: what is left of a list that JSONata has walked over. */
export function someOf(shape: Shape): Shape {
  return perhaps(either(spreadOf(shape), gathered(shape)));
}

/** The same of what has not been walked over yet, and may be met whole. */
export function anyOf(shape: Shape): Shape {
  const met = metIn(shape);
  return perhaps(either(met, listOf(met)));
}

/** What a list repeats over: its items, or the value itself where that is no list. */
export function itemOf(source: Shape): Shape {
  if (!canBe(source, 'array')) return withPresence(source, 'always');
  return withPresence(either(without(source, 'array'), withPresence(source.items(), 'always')), 'always');
}
