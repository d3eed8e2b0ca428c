import { Callable, call } from '../callable.ts';
import { JsonataError, placed } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { type Implementation, Native } from '../native.ts';
import { fits, type QuickType, quick } from '../signature/signature.ts';
import { type Closure, type Code, code } from './code.ts';
import type { Finish } from './finish.ts';

/** A call whose function is known when it is compiled, as long as the host has not put another in its place. */
export interface KnownCall {
  readonly native: Native;
  /** Number of the function's name among the globals. */
  readonly number: number;
  readonly position: number | undefined;
  readonly token: string | undefined;
  readonly nesting: number;
}

/** Arguments of the usual types go straight to the function; all others by way of the signature. */
export function nativeCall(known: KnownCall, args: readonly Code[], finish: Finish): Code {
  const { signature, implementation } = Native.partsOf(known.native);
  const types = signature?.quick(args.length);
  const runs = args.map(({ run }) => run);
  if (!types) return code(anyArguments(known, runs, finish), args);
  if (runs.length === 1) return code(oneArgument(known, runs as [Closure], types, implementation, finish), args);
  if (runs.length === 2) return code(twoOrLiteral(known, args, types, implementation, finish), args);
  if (runs.length === 3)
    return code(threeArguments(known, runs as [Closure, Closure, Closure], types, implementation, finish), args);
  return code(anyArguments(known, runs, finish), args);
}

function oneArgument(
  known: KnownCall,
  [first]: [Closure],
  types: readonly QuickType[],
  implementation: Implementation,
  finish: Finish,
): Closure {
  const { native, number, position, token } = known;
  const [type] = types as [QuickType];
  return (input, frame) => {
    const { run } = frame;
    const a = first(input, frame);
    if (run.globals[number] !== native || !fits(type, a)) return longWay(known, [a], input, frame, finish);
    let result: unknown;
    try {
      result = implementation(run, a);
    } catch (thrown) {
      throw placed(thrown, position, token);
    }
    return Array.isArray(result) ? finish(result, frame) : result;
  };
}

/** A second argument written out is the most usual. */
function twoOrLiteral(
  known: KnownCall,
  args: readonly Code[],
  types: readonly QuickType[],
  implementation: Implementation,
  finish: Finish,
): Closure {
  const [first, second] = args as [Code, Code];
  const { literal } = second;
  if (literal && fits(types[1] ?? quick.none, literal.value)) {
    return withLiteral(known, first.run, literal.value, types, implementation, finish);
  }
  return twoArguments(known, [first.run, second.run], types, implementation, finish);
}

function withLiteral(
  known: KnownCall,
  first: Closure,
  literal: unknown,
  types: readonly QuickType[],
  implementation: Implementation,
  finish: Finish,
): Closure {
  const { native, number, position, token, nesting } = known;
  const [type] = types as [QuickType];
  return (input, frame) => {
    const { run } = frame;
    const a = first(input, frame);
    if (run.globals[number] !== native || !fits(type, a)) return longWay(known, [a, literal], input, frame, finish);
    let result: unknown;
    run.depth += nesting;
    try {
      result = implementation(run, a, literal);
    } catch (thrown) {
      throw placed(thrown, position, token);
    }
    run.depth -= nesting;
    return Array.isArray(result) ? finish(result, frame) : result;
  };
}

function twoArguments(
  known: KnownCall,
  [first, second]: [Closure, Closure],
  types: readonly QuickType[],
  implementation: Implementation,
  finish: Finish,
): Closure {
  const { native, number, position, token, nesting } = known;
  const [firstType, secondType] = types as [QuickType, QuickType];
  return (input, frame) => {
    const { run } = frame;
    const a = first(input, frame);
    const b = second(input, frame);
    if (run.globals[number] !== native || !fits(firstType, a) || !fits(secondType, b))
      return longWay(known, [a, b], input, frame, finish);
    let result: unknown;
    run.depth += nesting;
    try {
      result = implementation(run, a, b);
    } catch (thrown) {
      throw placed(thrown, position, token);
    }
    run.depth -= nesting;
    return Array.isArray(result) ? finish(result, frame) : result;
  };
}

function threeArguments(
  known: KnownCall,
  [first, second, third]: [Closure, Closure, Closure],
  types: readonly QuickType[],
  implementation: Implementation,
  finish: Finish,
): Closure {
  const { native, number, position, token, nesting } = known;
  const [firstType, secondType, thirdType] = types as [QuickType, QuickType, QuickType];
  return (input, frame) => {
    const { run } = frame;
    const a = first(input, frame);
    const b = second(input, frame);
    const c = third(input, frame);
    const usual = fits(firstType, a) && fits(secondType, b) && fits(thirdType, c);
    if (run.globals[number] !== native || !usual) return longWay(known, [a, b, c], input, frame, finish);
    let result: unknown;
    run.depth += nesting;
    try {
      result = implementation(run, a, b, c);
    } catch (thrown) {
      throw placed(thrown, position, token);
    }
    run.depth -= nesting;
    return Array.isArray(result) ? finish(result, frame) : result;
  };
}

function anyArguments(known: KnownCall, runs: readonly Closure[], finish: Finish): Closure {
  return (input, frame) => {
    const args: unknown[] = [];
    for (let index = 0; index < runs.length; index++) args.push((runs[index] as Closure)(input, frame));
    return longWay(known, args, input, frame, finish);
  };
}

function longWay(
  { number, position, token, nesting }: KnownCall,
  args: unknown[],
  input: unknown,
  frame: Frame,
  finish: Finish,
): unknown {
  const { run } = frame;
  const callee = run.globals[number];
  run.depth += nesting;
  let result: unknown;
  try {
    if (!(callee instanceof Callable)) throw new JsonataError('T1006');
    result = callee[call](run, args, input);
  } catch (thrown) {
    throw placed(thrown, position, token);
  }
  run.depth -= nesting;
  return finish(result, frame);
}
