import type { NodeOf } from '../front/syntax.ts';
import { Regex } from '../regex/regex.ts';
import { type Code, code } from './code.ts';

/** `/…/i`: a function that finds the first match in a text. */
export function compileRegex({ value, position }: NodeOf<'regex'>): Code {
  const regex = new Regex(value.source, value.flags, position);
  return code(() => regex);
}
