import { JsonataError, placed } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { parse } from '../front/parse.ts';
import type { NodeOf, Syntax } from '../front/syntax.ts';
import type { Native } from '../native.ts';
import type { Run } from '../run.ts';
import { Signature } from '../signature/signature.ts';
import { namesBoundBy } from './bound-names.ts';
import { type Code, code } from './code.ts';
import type { Finish } from './finish.ts';
import type { Scope } from './scope.ts';
import { globalNumber } from './unit.ts';

const signature = new Signature('<sx?:x>');

/** `$eval(text, focus?)`: the text sees the variables of the place where it is evaluated. */
export function compileEvalCall(
  { position }: NodeOf<'function'>,
  args: readonly Code[],
  native: Native,
  scope: Scope,
  finish: Finish,
): Code {
  const number = globalNumber(scope.unit, 'eval');
  const { nesting } = scope.unit;
  return code((input, frame) => {
    const { run } = frame;
    const given = args.map((arg) => arg.run(input, frame));
    run.depth += nesting;
    try {
      if (run.globals[number] !== native) throw new JsonataError('D3122');
      const [text, focus] = signature.validate(run, given, input) as [string | undefined, unknown];
      const result = text === undefined ? undefined : evaluateText(text, focus ?? input, scope, frame);
      run.depth -= nesting;
      return finish(result, frame);
    } catch (thrown) {
      throw placed(thrown, position, 'eval');
    }
  }, args);
}

/** @throws {JsonataError} D3122 where it is off, D3120 when the text cannot be read, D3121 when it fails */
function evaluateText(text: string, input: unknown, scope: Scope, frame: Frame): unknown {
  if (!scope.unit.evaluates) throw new JsonataError('D3122');
  const { run } = frame;
  run.spend(100 * text.length);
  run.allocate(1000 + 200 * text.length);
  const inner = compileText(text, scope, run);
  run.spend(inner.body.cost);
  run.enter(inner.body.height);
  const { wrapper } = run;
  const wrapped = Array.isArray(input) && input !== wrapper ? [input] : input;
  if (wrapped !== input) run.wrapper = wrapped;
  try {
    return inner.body.run(wrapped, inner.scope.layout.frame(run, frame));
  } catch (thrown) {
    throw isLimit(thrown) ? thrown : new JsonataError('D3121');
  } finally {
    run.wrapper = wrapper;
  }
}

function compileText(text: string, scope: Scope, run: Run): { body: Code; scope: Scope } {
  const syntax = readText(text);
  run.laterGlobals ??= new Map(scope.unit.globals);
  const unit = { ...scope.unit, text, globals: run.laterGlobals, nesting: 0 };
  const inner = scope.later(unit, namesBoundBy(syntax));
  const body = unit.compile(syntax, inner);
  for (const [name, number] of run.laterGlobals)
    if (number >= run.globals.length) run.globals[number] = run.names.valueOf(name);
  return { body, scope: inner };
}

function readText(text: string): Syntax {
  try {
    return parse(text);
  } catch {
    throw new JsonataError('D3120');
  }
}

/** What ends an evaluation whole, however it is nested. */
function isLimit(thrown: unknown): boolean {
  return !(thrown instanceof JsonataError) || ['D1011', 'D1012', 'D1021', 'D1022', 'D3122'].includes(thrown.code);
}
