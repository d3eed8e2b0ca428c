import type { NodeOf } from '../front/syntax.ts';
import { fieldOf, fieldReader } from '../value/field.ts';
import { type Code, code } from './code.ts';

/** A name as a step with filters or variables; names alone are followed in `path/names.ts`. */
export function compileName({ value: name }: NodeOf<'name'>): Code {
  const read = fieldReader(name);
  return code((input) => fieldOf(input, read));
}
