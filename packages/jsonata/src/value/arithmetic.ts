import Big from 'big.js';
import { JsonataError, type Place } from '../failure.ts';
import { type ExactDecimal, readDecimal } from './decimal.ts';

export type Operand = number | ExactDecimal;

export interface Arithmetic {
  /** With decimals. @throws {JsonataError} D1001 where there is no such number, or it has too many digits */
  exact(left: Operand, right: Operand, place: Place): Operand;
}

/** Own settings: 34 digits behind the point in a division, halves to even, as IEEE 754's decimal128 has them. */
const Decimal = Big();
Decimal.DP = 34;
Decimal.RM = Decimal.roundHalfEven;
/** Keeps `$power` and endless products from making numbers of a million digits. */
const maxDigits = 1000;

export const arithmetic: Readonly<Record<string, Arithmetic>> = {
  '+': { exact: (left, right, place) => written(decimalOf(left).plus(decimalOf(right)), place) },
  '-': { exact: (left, right, place) => written(decimalOf(left).minus(decimalOf(right)), place) },
  '*': { exact: (left, right, place) => written(decimalOf(left).times(decimalOf(right)), place) },
  '/': { exact: (left, right, place) => written(decimalOf(left).div(nonZero(right, place)), place) },
  '%': { exact: (left, right, place) => written(decimalOf(left).mod(nonZero(right, place)), place) },
};

export function decimalOf(value: Operand): Big {
  return new Decimal(typeof value === 'number' ? value : value.digits);
}

/** A plain number where a double holds the decimal exactly. */
export function written(decimal: Big, place: Place): Operand {
  if (decimal.c.length > maxDigits || Math.abs(decimal.e) > maxDigits) throw new JsonataError('D1001', place);
  return readDecimal(decimal.toFixed());
}

function nonZero(value: Operand, place: Place): Big {
  const divisor = decimalOf(value);
  if (divisor.eq(0)) throw new JsonataError('D1001', place);
  return divisor;
}
