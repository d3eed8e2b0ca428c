import { ExactNumber, exact } from '@millrace/contract';
import Big from 'big.js';
import { type HostFunctions, unfitArgument } from './host.ts';

/** Own settings: rounding half away from zero, the rule of invoices. */
const Decimal = Big();
Decimal.RM = Decimal.roundHalfUp;

type Amount = number | string | ExactNumber;
const maxDigits = 100;
/** Amounts beyond a thousand digits are no money, and would take long to add. */
const decimal = /^\s*[+-]?(?:\d{1,1000}(?:\.\d{0,1000})?|\.\d{1,1000})(?:[eE][+-]?\d{1,3})?\s*$/;

/**
 * Exact decimal arithmetic. Amounts are numbers, decimal text or exact numbers; results are numbers, exact where a
 * double would round. A missing amount gives a missing result, as with JSONata's own operators.
 */
export const moneyFunctions: HostFunctions = {
  money: unary('money', (x) => x),
  moneySum: {
    signature: '<a-:x>',
    call: (amounts?: readonly Amount[]) =>
      amounts && written(amounts.reduce((sum, amount) => sum.plus(read('moneySum', amount)), Decimal(0))),
  },
  moneyAdd: binary('moneyAdd', (a, b) => a.plus(b)),
  moneySubtract: binary('moneySubtract', (a, b) => a.minus(b)),
  moneyMultiply: binary('moneyMultiply', (a, b) => a.times(b)),
  moneyDivide: { signature: '<xxn?:x>', call: divide },
  moneyRound: { signature: '<x-n?:x>', call: round },
};

function unary(name: string, compute: (x: Big) => Big) {
  return { signature: '<x-:x>', call: (x?: Amount) => (x === undefined ? x : written(compute(read(name, x)))) };
}

function binary(name: string, compute: (a: Big, b: Big) => Big) {
  const call = (a?: Amount, b?: Amount) =>
    a === undefined || b === undefined ? undefined : written(compute(read(name, a), read(name, b)));
  return { signature: '<xx:x>', call };
}

/** Two digits behind the point unless told otherwise. */
function divide(a?: Amount, b?: Amount, digits = 2) {
  if (a === undefined || b === undefined) return undefined;
  const divisor = read('moneyDivide', b);
  if (divisor.eq(0)) throw unfitArgument('moneyDivide', 'a divisor other than zero');
  Decimal.DP = places('moneyDivide', digits);
  return written(read('moneyDivide', a).div(divisor));
}

function round(x?: Amount, digits = 2) {
  return x === undefined ? undefined : written(read('moneyRound', x).round(places('moneyRound', digits)));
}

function places(name: string, digits: number): number {
  if (!Number.isInteger(digits) || digits < 0 || digits > maxDigits) {
    throw unfitArgument(name, `a whole number of digits from 0 to ${maxDigits}`);
  }
  return digits;
}

function read(name: string, amount: Amount): Big {
  const text = amount instanceof ExactNumber ? amount.digits : amount;
  const readable = typeof text === 'number' ? Number.isFinite(text) : typeof text === 'string' && decimal.test(text);
  if (!readable) throw unfitArgument(name, 'numbers or decimal text such as "12.50"');
  return Decimal(
    typeof text === 'string'
      ? text
          .trim()
          .replace(/^\+/, '')
          .replace(/\.(?=$|[eE])/, '')
      : text,
  );
}

function written(amount: Big): number | ExactNumber {
  return exact(amount.toFixed());
}
