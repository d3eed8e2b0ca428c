import type { NodeOf } from '../front/syntax.ts';
import { Lambda, type LambdaShape } from '../lambda.ts';
import { Signature } from '../signature/signature.ts';
import { namesBoundBy } from './bound-names.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

/** `function($a, $b)<nn:n>{…}` */
export function compileLambda(node: NodeOf<'lambda'>, scope: Scope): Code {
  const shape = shapeOf(node, scope);
  return code((input, frame) => {
    frame.run.allocate(64);
    return new Lambda(shape, frame, input);
  });
}

function shapeOf({ arguments: parameters, signature, body }: NodeOf<'lambda'>, scope: Scope): LambdaShape {
  const { unit } = scope;
  const names = parameters.map(({ value }) => value);
  const bound = namesBoundBy(body);
  for (const name of names) bound.delete(name);
  const inner = scope.within([...names, ...bound], true);
  for (const name of names) inner.settle(name);
  const { nesting } = unit;
  unit.nesting = 0;
  const compiled = unit.compile(body, inner);
  unit.nesting = nesting;
  return {
    parameters: names.length,
    signature: signature && new Signature(signature.definition),
    body: compiled,
    layout: inner.layout,
  };
}
