import type { NodeOf } from '../front/syntax.ts';
import { compileEngine } from '../regex/engine.ts';
import { Regex } from '../regex/regex.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

/** `/…/i`: a function that finds the first match in a text. @throws {JsonataError} S0303 */
export function compileRegex({ value, position }: NodeOf<'regex'>, { unit }: Scope): Code {
  const engine = compileEngine(value, position, unit.mayBacktrack);
  unit.backtracks ||= engine.backtracks;
  const regex = new Regex(engine);
  return code(() => regex);
}
