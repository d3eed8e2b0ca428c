import { outlives } from '../../compile/bound-names.ts';
import type { NodeOf, Syntax } from '../../front/syntax.ts';
import { canBe, elementsOf, functionOf, nothing, ofKind, perhaps, type Shape, unknown } from '../shape.ts';
import { shapeOfFunction } from './call.ts';
import type { Inference } from './inference.ts';
import { parametersOf, perhapsReached, nameless, type Named, type Scope, withNames } from './scope.ts';

/** `$name`; the empty name is the input. */
export function variableShape(inference: Inference, node: NodeOf<'variable'>, scope: Scope): Shape {
  const { value: name } = node;
  if (name === '') return scope.input;
  if (name === '$') return scope.root;
  const known = scope.names.get(name) ?? shapeOfFunction(inference, name);
  if (!known && inference.hasEveryName && node.position !== undefined)
    inference.report({ node, code: 'VARIABLE_UNKNOWN', token: `$${name}`, fails: false });
  return known ?? unknown;
}

/**
 * `(…; …)`. What functions of the block read may be bound before or after they are made, so that of names that they may
 * read early, and of those that are bound twice, nothing is known.
 */
export function blockShape(inference: Inference, { expressions }: NodeOf<'block'>, scope: Scope): Shape {
  const bound = expressions.flatMap((each) => (each.type === 'bind' ? [each.lhs.value] : []));
  const isReadLater = expressions.some(outlives);
  const twice = new Set(bound.filter((name, index) => isReadLater && bound.indexOf(name) !== index));
  let inner = isReadLater ? withNames(scope, nameless(bound)) : scope;
  let last = nothing;
  for (const each of expressions) {
    last = inference.of(each, inner);
    if (each.type === 'bind') {
      const isLast = !twice.has(each.lhs.value) && !each.predicate && !each.group;
      inner = inference.bind(inner, [[each.lhs.value, isLast ? last : unknown]]);
    }
  }
  return last;
}

/** `function($a) {…}`, called with whatever. */
export function lambdaShape(inference: Inference, node: NodeOf<'lambda'>, scope: Scope): Shape {
  if (node.thunk) return inference.of(node.body, scope);
  answerOf(inference, node, [], scope);
  return functionOf({
    parameters: parametersOf(node),
    result: (args) => inference.silently(() => answerOf(inference, node, node.signature ? [] : args, scope)),
  });
}

/** What a function answers to arguments; nothing is known of those that are not given here. */
export function answerOf(inference: Inference, node: NodeOf<'lambda'>, args: readonly Shape[], scope: Scope): Shape {
  const names: Named = parametersOf(node).map((name, index) => [name, args[index] ?? unknown]);
  for (const [index, parameter] of node.arguments.entries())
    inference.note(parameter as Syntax, args[index] ?? unknown);
  return inference.of(node.body, perhapsReached(inference.bind(scope, names)));
}

/** `|pattern|update, deletion|`, applied to a value. */
export function transformShape(
  inference: Inference,
  { pattern, update, delete: deletion }: NodeOf<'transform'>,
  value: Shape,
  scope: Scope,
): Shape {
  const found = inference.of(pattern, perhapsReached({ ...scope, input: value }));
  const inner = perhapsReached({ ...scope, input: elementsOf(found) });
  const changes = inference.of(update, inner);
  if (changes.kinds.size > 0 && !canBe(changes, 'object'))
    inference.report({ node: update, code: 'T2011', fails: false });
  if (deletion) inference.of(deletion, inner);
  return functionOf({ parameters: [], result: () => perhaps(ofKind('object', 'array')) });
}
