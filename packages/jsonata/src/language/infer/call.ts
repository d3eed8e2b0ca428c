import type { NodeOf, Syntax } from '../../front/syntax.ts';
import type { FunctionKnowledge } from '../functions.ts';
import { canBe, nothing, ofKind, perhaps, type Shape, unknown } from '../shape.ts';
import { resultOfSignature } from '../signature-result.ts';
import { checkArguments } from './arguments.ts';
import type { Inference } from './inference.ts';
import { answerOf, transformShape } from './lambda.ts';
import { fieldShape } from './path.ts';
import type { Scope } from './scope.ts';

/** `$f(…)`. @param leading what `~>` puts in front of the arguments */
export function callShape(
  inference: Inference,
  node: NodeOf<'function'>,
  leading: Syntax | undefined,
  scope: Scope,
): Shape {
  const nodes = leading ? [leading, ...node.arguments] : node.arguments;
  const known = knownFunction(inference, node.procedure, scope);
  const callee = inference.of(node.procedure, scope);
  if (known) return knownCall(inference, { known, nodes, node, scope });
  const args = nodes.map((each) => inference.of(each, scope));
  checkCallable(inference, node, callee, scope);
  return callee.callable ? callee.callable.result(args) : unknown;
}

/** A call, or a name behind `~>`, of a function that the language or the host has. */
interface KnownCall {
  readonly known: FunctionKnowledge;
  readonly nodes: readonly Syntax[];
  readonly node: Syntax;
  readonly scope: Scope;
}

/** The function that a name stands for, unless the expression or the host has bound the name to something else. */
function knownFunction({ functions }: Inference, procedure: Syntax, { names }: Scope): FunctionKnowledge | undefined {
  if (procedure.type !== 'variable' || procedure.predicate || names.has(procedure.value)) return undefined;
  return functions.get(procedure.value);
}

function knownCall(inference: Inference, { known, nodes, node, scope }: KnownCall): Shape {
  const { callsBack } = known;
  checkAllowed(inference, known, node, scope);
  const calledBack = callsBack && nodes[callsBack.argument];
  const isWritten = calledBack?.type === 'lambda' && !calledBack.predicate && !calledBack.group;
  const args = nodes.map((each) => (isWritten && each === calledBack ? ofKind('function') : inference.of(each, scope)));
  let answer: Shape = unknown;
  if (callsBack && isWritten) {
    answer = answerOf(inference, calledBack, calledBack.signature ? [] : callsBack.with(args), scope);
    inference.note(calledBack, ofKind('function'));
  } else if (callsBack) answer = args[callsBack.argument]?.callable?.result(callsBack.with(args)) ?? unknown;
  checkArguments(inference, { known, args, nodes, node }, scope);
  return resultOf(known, {
    args,
    answer: () => answer,
    field: (of, index) => {
      const written = nodes[index];
      return written?.type === 'string' ? fieldShape(inference, of, written, () => written.value) : undefined;
    },
  });
}

function resultOf(known: FunctionKnowledge, call: Parameters<NonNullable<FunctionKnowledge['result']>>[0]): Shape {
  return known.result ? known.result(call) : resultOfSignature(known.signature, call.args);
}

function checkAllowed(inference: Inference, { refused }: FunctionKnowledge, node: Syntax, { certain }: Scope): void {
  if (refused !== undefined) inference.report({ node, code: refused, fails: certain });
}

function checkCallable(inference: Inference, node: NodeOf<'function'>, callee: Shape, { certain }: Scope): void {
  if (canBe(callee, 'function')) return;
  inference.report({ node, code: 'T1006', token: nameOf(node.procedure), fails: certain });
}

function nameOf(procedure: Syntax): string | undefined {
  const named = procedure.type === 'path' ? procedure.steps[0] : procedure;
  return named && 'value' in named && typeof named.value === 'string' ? named.value : undefined;
}

/** `a ~> $f`, `a ~> $f(…)`; of two functions it makes one. */
export function applyShape(inference: Inference, node: NodeOf<'apply'>, scope: Scope): Shape {
  const { lhs, rhs } = node;
  if (rhs.type === 'function') {
    const shape = callShape(inference, rhs, lhs, scope);
    inference.note(rhs, shape);
    return shape;
  }
  const known = knownFunction(inference, rhs, scope);
  const value = inference.of(lhs, scope);
  if (rhs.type === 'transform') {
    inference.note(rhs, transformShape(inference, rhs, value, scope));
    return canBe(value, 'function') ? unknown : perhaps(ofKind('object', 'array'));
  }
  const callee = inference.of(rhs, scope);
  if (!canBe(callee, 'function')) inference.report({ node: rhs, code: 'T2006', fails: scope.certain });
  if (canBe(value, 'function')) return unknown;
  if (known) {
    checkAllowed(inference, known, rhs, scope);
    checkArguments(inference, { known, args: [value], nodes: [lhs], node: rhs }, { ...scope, input: nothing });
    return resultOf(known, { args: [value], answer: () => unknown, field: () => undefined });
  }
  return callee.callable ? callee.callable.result([value]) : unknown;
}

/** `$f(?, 1)` */
export function partialShape(inference: Inference, node: NodeOf<'partial'>, scope: Scope): Shape {
  const callee = inference.of(node.procedure, scope);
  for (const argument of node.arguments) if (argument.type !== 'operator') inference.of(argument, scope);
  if (!canBe(callee, 'function'))
    inference.report({ node, code: 'T1008', token: nameOf(node.procedure), fails: scope.certain });
  return ofKind('function');
}
