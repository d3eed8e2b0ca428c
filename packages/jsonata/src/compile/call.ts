import { Callable, call } from '../callable.ts';
import { JsonataError, placed } from '../failure.ts';
import type { NodeOf, Syntax } from '../front/syntax.ts';
import { Lambda, tailCall } from '../lambda.ts';
import { Native } from '../native.ts';
import type { Run } from '../run.ts';
import { type Closure, type Code, code } from './code.ts';
import { compileEvalCall } from './eval-call.ts';
import { asIs, type Finish } from './finish.ts';
import { nativeCall } from './native-call.ts';
import type { Scope } from './scope.ts';
import { globalNumber } from './unit.ts';
import { reader } from './variable.ts';

type Call = NodeOf<'function'>;

export function compileCall(node: Call, scope: Scope, finish: Finish): Code {
  return callWith(node, argumentsOf(node, scope), scope, finish, false);
}

/** @param leading what `~>` puts in front of the arguments */
export function compileAppliedCall(node: Call, leading: Code, scope: Scope, finish: Finish): Code {
  return callWith(node, [leading, ...argumentsOf(node, scope)], scope, finish, false);
}

/**
 * A call that is the last thing a function does. A function of the expression is left for the caller to call, so that
 * recursion takes no space; all others are called at once.
 */
export function compileTailCall(node: Call, scope: Scope): Code {
  return callWith(node, argumentsOf(node, scope), scope, asIs, true);
}

function argumentsOf(node: Call, scope: Scope): Code[] {
  return node.arguments.map((arg) => scope.unit.compile(arg, scope));
}

function callWith(node: Call, args: readonly Code[], scope: Scope, finish: Finish, isTail: boolean): Code {
  const known = knownFunction(node, scope);
  if (known?.name === 'eval') return compileEvalCall(node, args, known.native, scope, finish);
  if (known) return nativeCall({ ...known, ...place(node), nesting: scope.unit.nesting + nativeNesting }, args, finish);
  return anyCall(node, scope, args, finish, isTail);
}

/** What a built-in function that calls back takes of the stack, in closures. */
const nativeNesting = 2;

/** The function that a name stands for unless the host gives another by that name. */
function knownFunction(
  { procedure }: Call,
  scope: Scope,
): { name: string; native: Native; number: number } | undefined {
  if (procedure.type !== 'variable' || procedure.predicate || scope.placesOf(procedure.value).length > 0)
    return undefined;
  const native = scope.unit.functions.get(procedure.value);
  if (!(native instanceof Native)) return undefined;
  return { name: procedure.value, native, number: globalNumber(scope.unit, procedure.value) };
}

export function place({ position, procedure }: Call | NodeOf<'partial'>): {
  position: number | undefined;
  token: string | undefined;
} {
  return { position, token: nameOf(procedure) };
}

function nameOf(procedure: Syntax): string | undefined {
  const named = procedure.type === 'path' ? procedure.steps[0] : procedure;
  return named && 'value' in named && typeof named.value === 'string' ? named.value : undefined;
}

function anyCall(node: Call, scope: Scope, args: readonly Code[], finish: Finish, isTail: boolean): Code {
  const { position, token } = place(node);
  const { nesting } = scope.unit;
  const procedure = scope.unit.compile(node.procedure, scope);
  const forgotten = forgottenDollar(node.procedure, scope);
  return code(
    (input, frame) => {
      const { run } = frame;
      const callee = procedure.run(input, frame);
      if (callee === undefined && forgotten?.(input, frame) !== undefined)
        throw new JsonataError('T1005', { position, token });
      const given: unknown[] = [];
      for (let index = 0; index < args.length; index++) given.push((args[index] as Code).run(input, frame));
      if (!(callee instanceof Callable)) throw new JsonataError('T1006', { position, token });
      if (isTail && callee instanceof Lambda) return leaveToCaller(run, callee, given, input);
      run.depth += nesting;
      let result: unknown;
      try {
        result = callee[call](run, given, input);
      } catch (thrown) {
        throw placed(thrown, position, token);
      }
      run.depth -= nesting;
      return finish(result, frame);
    },
    [procedure, ...args],
  );
}

function leaveToCaller({ tail }: Run, callee: Callable, args: unknown[], input: unknown): typeof tailCall {
  tail.callee = callee;
  tail.args = args;
  tail.input = input;
  return tailCall;
}

/** `sum(1)` instead of `$sum(1)`: what the name would stand for as a variable. */
export function forgottenDollar(procedure: Syntax, scope: Scope): Closure | undefined {
  const [first] = procedure.type === 'path' ? procedure.steps : [];
  return first?.type === 'name' ? reader(first.value, scope) : undefined;
}
