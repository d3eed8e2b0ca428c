import type { NodeOf, Syntax } from '../../front/syntax.ts';
import { elementsOf } from '../elements.ts';
import { canBe, functionOf, ofKind, perhaps, type Shape, unknown } from '../shape.ts';
import type { Inference } from './inference.ts';
import { type Named, parametersOf, perhapsReached, type Scope } from './scope.ts';

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
