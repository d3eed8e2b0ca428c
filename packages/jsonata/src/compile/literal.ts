import { numberText } from '../front/number-text.ts';
import type { NodeOf } from '../front/syntax.ts';
import { readDecimal } from '../value/decimal.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';
import type { Unit } from './unit.ts';

export function compileLiteral({ value }: NodeOf<'string' | 'value'>): Code {
  return literal(value);
}

/** The parser has made a double of it; in exact arithmetic the text counts. */
export function compileNumber({ value, position = 0 }: NodeOf<'number'>, { unit }: Scope): Code {
  return literal(unit.exact ? exactValue(value, position, unit) : value);
}

function exactValue(value: number, position: number, { text, decimals }: Unit): unknown {
  const written = numberText(text, position, value < 0);
  return written === undefined ? value : readDecimal(written, decimals);
}

function literal(value: unknown): Code {
  return { ...code(() => value), literal: { value } };
}
