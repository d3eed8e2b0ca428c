import Big from 'big.js';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { type Decimal, readDecimal } from './decimal.ts';

export type Operand = number | Decimal;
/** @throws {JsonataError} D1001 where there is no such number, or it has too many digits */
export type Exactly = (run: Run, left: Operand, right: Operand) => Operand;

/** Own settings: 34 digits behind the point in a division, halves to even, as IEEE 754's decimal128 has them. */
const Settings = Big();
Settings.DP = 34;
Settings.RM = Settings.roundHalfEven;
/** Keeps `$power` and endless products from making numbers of a million digits. */
const maxDigits = 1000;

export const plus: Exactly = (run, left, right) => written(run, decimalOf(left).plus(decimalOf(right)));
export const minus: Exactly = (run, left, right) => written(run, decimalOf(left).minus(decimalOf(right)));
const times: Exactly = (run, left, right) => written(run, decimalOf(left).times(decimalOf(right)));
export const dividedBy: Exactly = (run, left, right) => written(run, decimalOf(left).div(nonZero(right)));
const modulo: Exactly = (run, left, right) => written(run, decimalOf(left).mod(nonZero(right)));

/** The operators of the language with decimals. */
export const exactly: Readonly<Record<string, Exactly>> = {
  '+': plus,
  '-': minus,
  '*': times,
  '/': dividedBy,
  '%': modulo,
};

export function decimalOf(value: Operand): Big {
  return new Settings(typeof value === 'number' ? value : value.digits);
}

/** A plain number where a double holds the decimal exactly. */
export function written(run: Run, decimal: Big): Operand {
  if (decimal.c.length > maxDigits || Math.abs(decimal.e) > maxDigits) throw new JsonataError('D1001');
  run.spend(5 + (decimal.c.length >> 2));
  run.allocate(64 + decimal.c.length);
  return readDecimal(decimal.toFixed(), run.decimals);
}

function nonZero(value: Operand): Big {
  const divisor = decimalOf(value);
  if (divisor.eq(0)) throw new JsonataError('D1001');
  return divisor;
}
