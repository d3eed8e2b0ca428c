import type { NodeOf } from '../front/syntax.ts';
import { fieldOf, isInherited } from '../value/field.ts';
import { type Code, code } from './code.ts';

/** A name as a step with filters or variables; names alone are followed in `path/names.ts`. */
export function compileName({ value: name }: NodeOf<'name'>): Code {
  const careful = isInherited(name);
  return code((input, { run }) => fieldOf(run, input, name, careful));
}
