import type { NodeOf, Syntax } from '../../front/syntax.ts';
import { anyOf, elementsOf, gathered, metIn, someOf, spreadOf } from '../elements.ts';
import { canBe, either, listOf, nothing, perhaps, type Shape, unknown, withPresence } from '../shape.ts';
import { groupShape } from './constructors.ts';
import type { FieldName, Inference } from './inference.ts';
import { isList, textOf } from './read-syntax.ts';
import { namesBoundBy, perhapsReached, type Scope, within } from './scope.ts';
import { isMetAtLeastOnce, memberOf, walked } from './walk.ts';

/** `a.b.(…)` */
export function pathShape(
  inference: Inference,
  { steps, keepSingletonArray, group }: NodeOf<'path'>,
  scope: Scope,
): Shape {
  let at = scope.input;
  let inner = scope;
  for (const [index, step] of steps.entries()) {
    const start = at;
    const place = { inner, isFirst: index === 0, text: () => textOf(steps.slice(0, index + 1)) };
    const given = stepShape(inference, step, start, place);
    at = step.tuple ? tuplesOf(step, { start, given, isFirst: index === 0 }) : given;
    if (step.tuple) inner = inference.bind(inner, namesBoundBy(step, { met: metIn(start), given: spreadOf(given) }));
    inference.note(step, step.focus === undefined ? at : perhaps(elementsOf(given)));
    for (const stage of step.stages ?? [])
      if (stage.type === 'filter') at = filterShape(inference, at, stage.expr, inner);
  }
  // JSONata walks over what is filtered out of a list that is written out, be it text, and ends where that is empty.
  if (steps[0] && isList(steps[0]) && steps[0].predicate) at = unknown;
  const kept = keepSingletonArray ? keptList(at, steps[0]) : at;
  return group ? groupShape(inference, group, kept, inner) : kept;
}

/** What is in the tuples behind a step: with a focus (`@$x`) still what was there before it. */
function tuplesOf(
  { focus }: Syntax,
  { start, given, isFirst }: { readonly start: Shape; readonly given: Shape; readonly isFirst: boolean },
): Shape {
  if (focus === undefined) return someOf(given);
  return isFirst ? anyOf(start) : someOf(start);
}

/** `[]` behind a step. A list that is written out in front is kept whole within, where it is empty. */
function keptList(at: Shape, first: Syntax | undefined): Shape {
  const list = first && isList(first) ? listOf(either(spreadOf(at), gathered(at))) : gathered(at);
  return withPresence(list, at.presence);
}

interface Place {
  readonly inner: Scope;
  readonly isFirst: boolean;
  /** The path up to here, for people. */
  readonly text: () => string;
}

function stepShape(inference: Inference, step: Syntax, at: Shape, { inner, isFirst, text }: Place): Shape {
  if (step.type === 'sort') return sortShape(inference, step, at, inner);
  if (step.type === 'name' && !step.group && !step.predicate) return fieldShape(inference, at, step, text);
  if (step.type === 'error') {
    inference.noteGap(step, { scope: inner, from: isFirst ? undefined : at });
    return unknown;
  }
  // At the start these stand for themselves, whatever the input is.
  if (isFirst && step.type === 'variable') return inference.of(step, inner);
  if (isFirst && isList(step)) return inference.of(step, { ...inner, input: anyOf(at) });
  const evaluated = (input: Shape, isReached: boolean) => {
    const result = inference.of(step, within(inner, input, isReached));
    return canBe(result, 'array') ? someOf(result) : result;
  };
  // The first step is evaluated even where there is no input.
  if (isFirst && !canBe(at, 'array')) return evaluated(at, true);
  if (isFirst) return someOf(evaluated(withPresence(metIn(at), at.presence), at.filled));
  return walked(at, spreadOf, (input) => evaluated(input, isMetAtLeastOnce(at)));
}

/** `^(a, >b)` */
function sortShape(inference: Inference, { terms }: NodeOf<'sort'>, at: Shape, scope: Scope): Shape {
  const inner = perhapsReached({ ...scope, input: elementsOf(at) });
  for (const { expression } of terms) {
    const key = inference.of(expression, inner);
    const fits = canBe(key, 'number') || canBe(key, 'string');
    if (!fits && key.kinds.size > 0) inference.report({ node: expression, code: 'T2008', fails: false });
  }
  return someOf(at);
}

/**
 * What a field is of a value, or of the values in a list.
 * @param node the name, be it a step or written out as text
 * @param text the path up to here, for people
 */
export function fieldShape(inference: Inference, at: Shape, node: FieldName, text: () => string): Shape {
  const name = node.value;
  return walked(at, elementsOf, (element) => {
    if (element.kinds.size === 0) return unknown;
    const isObject = canBe(element, 'object');
    const { shape, declared } = isObject ? element.member(name) : { shape: nothing, declared: false };
    if (declared === undefined) inference.noteOpen(node);
    if (declared === false && element.presence !== 'never') {
      const instead = isObject ? element.names : [];
      inference.report({ node, code: 'FIELD_UNKNOWN', fails: false, path: text(), instead });
    }
    const member = memberOf(element, shape);
    // In what the expression itself has made, lists still are what JSONata unwraps.
    return element.origin !== undefined && canBe(member, 'array') ? someOf(member) : member;
  });
}

/** `[…]` behind something. */
export function filterShape(inference: Inference, shape: Shape, condition: Syntax, scope: Scope): Shape {
  inference.of(condition, within(scope, elementsOf(shape), isMetAtLeastOnce(shape)));
  return someOf(shape);
}
