import type { NodeOf } from '../../front/syntax.ts';
import { functionOf, perhaps, type Shape, unknown } from '../shape.ts';
import { resultOfSignature } from '../signature-result.ts';
import type { Inference } from './inference.ts';
import type { Scope } from './scope.ts';

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

/** A function as a value: called with whatever whoever calls it makes up. */
function shapeOfFunction({ functions }: Inference, name: string): Shape | undefined {
  const known = functions.get(name);
  if (!known) return undefined;
  const parameters = known.docs?.parameters.split(/,\s*/) ?? [];
  return functionOf({ name, parameters, result: () => perhaps(resultOfSignature(known.signature, [])) });
}
