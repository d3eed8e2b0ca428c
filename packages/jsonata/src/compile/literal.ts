import type { NodeOf } from '../front/syntax.ts';
import { type Code, code } from './code.ts';

export function compileLiteral({ value }: NodeOf<'string' | 'value' | 'number'>): Code {
  return { ...code(() => value), literal: { value } };
}
