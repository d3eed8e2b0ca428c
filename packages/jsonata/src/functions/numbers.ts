import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { decimalOf, type Operand, written } from '../value/arithmetic.ts';
import { isDecimal, readDecimal } from '../value/decimal.ts';
import { rounded, roundedExactly } from '../value/rounding.ts';
import { define, type Functions } from './define.ts';

export const numbers: Functions = {
  number: define('<(nsb)-:n>', 1, toNumber),
  abs: define('<n-:n>', 1, (run, number?: Operand) => viaDecimal(run, number, Math.abs, (decimal) => decimal.abs())),
  floor: define('<n-:n>', 1, (run, number?: Operand) =>
    viaDecimal(run, number, Math.floor, (decimal) => wholeBelow(decimal)),
  ),
  ceil: define('<n-:n>', 1, (run, number?: Operand) =>
    viaDecimal(run, number, Math.ceil, (decimal) => wholeBelow(decimal.neg()).neg()),
  ),
  round: define('<n-n?:n>', 2, round),
  sqrt: define('<n-:n>', 1, sqrt),
  power: define('<n-n:n>', 2, power),
  formatBase: define('<n-n?:s>', 2, formatBase),
};

const decimalText = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
const otherBase = /^(0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+)$/;

/** @throws {JsonataError} D3030 */
function toNumber(run: Run, value?: unknown): unknown {
  if (value === undefined || typeof value === 'number' || isDecimal(value)) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = value as string;
  run.spend(1 + (text.length >> 4));
  if (run.exact && decimalText.test(text)) return readDecimal(text, run.decimals);
  const number = decimalText.test(text) || otherBase.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw new JsonataError('D3030', { index: 1 });
  return number;
}

type Decimal = ReturnType<typeof decimalOf>;

function viaDecimal(
  run: Run,
  value: Operand | undefined,
  ofDouble: (number: number) => number,
  ofDecimal: (decimal: Decimal) => Decimal,
): unknown {
  if (value === undefined) return undefined;
  return typeof value === 'number' ? ofDouble(value) : written(run, ofDecimal(decimalOf(value)));
}

function wholeBelow(decimal: Decimal): Decimal {
  const cut = decimal.round(0, 0);
  return cut.gt(decimal) ? cut.minus(1) : cut;
}

function round(run: Run, value?: Operand, digits = 0): unknown {
  if (value === undefined) return undefined;
  return run.exact || typeof value !== 'number' ? roundedExactly(run, value, digits) : rounded(value, digits);
}

/** @throws {JsonataError} D3060 */
function sqrt(run: Run, value?: Operand): unknown {
  if (value === undefined) return undefined;
  if (decimalSign(value) < 0) throw new JsonataError('D3060', { index: 1 });
  if (run.exact || typeof value !== 'number') return written(run, decimalOf(value).sqrt());
  return Math.sqrt(value);
}

function decimalSign(value: Operand): number {
  return typeof value === 'number' ? Math.sign(value) : decimalOf(value).s;
}

/** @throws {JsonataError} D3061 */
function power(run: Run, base?: Operand, exponent?: Operand): unknown {
  if (base === undefined) return undefined;
  if (exponent === undefined) throw new JsonataError('D3061', { index: 2 });
  if (run.exact && Number.isInteger(exponent) && Math.abs(exponent as number) <= 1000)
    return exactPower(run, base, exponent as number);
  const result = Number(base) ** Number(exponent);
  if (!Number.isFinite(result)) throw new JsonataError('D3061', { index: 1 });
  return result;
}

function exactPower(run: Run, base: Operand, exponent: number): Operand {
  if (exponent < 0 && decimalOf(base).eq(0)) throw new JsonataError('D3061', { index: 1 });
  return written(run, decimalOf(base).pow(exponent));
}

/** @throws {JsonataError} D3100 */
function formatBase(_run: Run, value?: Operand, base?: Operand): string | undefined {
  if (value === undefined) return undefined;
  const radix = base === undefined ? 10 : rounded(Number(base), 0);
  if (radix < 2 || radix > 36) throw new JsonataError('D3100', { index: 2 });
  return rounded(Number(value), 0).toString(radix);
}
