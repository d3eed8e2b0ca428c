import type { Run } from '../run.ts';
import { decimalOf, dividedBy, type Operand, plus } from '../value/arithmetic.ts';
import { isDecimal } from '../value/decimal.ts';
import { define, type Functions } from './define.ts';

type Numbers = readonly number[] | undefined;

/** Functions that make one number of many. */
export const aggregates: Functions = {
  sum: define('<a<n>:n>', 1, (run, numbers: Numbers) => numbers && sum(run, numbers)),
  count: define('<a:n>', 1, (_run, list?: readonly unknown[]) => list?.length ?? 0),
  max: define('<a<n>:n>', 1, (run, numbers: Numbers) => extreme(run, numbers, 1)),
  min: define('<a<n>:n>', 1, (run, numbers: Numbers) => extreme(run, numbers, -1)),
  average: define('<a<n>:n>', 1, average),
};

function sum(run: Run, numbers: readonly number[]): unknown {
  run.spend(numbers.length);
  if (run.exact || !areDoubles(numbers)) return exactSum(run, numbers);
  let total = 0;
  for (let index = 0; index < numbers.length; index++) total += numbers[index] as number;
  return total;
}

function areDoubles(numbers: readonly Operand[]): numbers is readonly number[] {
  for (let index = 0; index < numbers.length; index++) if (typeof numbers[index] !== 'number') return false;
  return true;
}

function exactSum(run: Run, numbers: readonly Operand[]): Operand {
  return numbers.reduce<Operand>((total, number) => plus(run, total, number), 0);
}

function average(run: Run, numbers: Numbers): unknown {
  if (!numbers || numbers.length === 0) return undefined;
  const total = sum(run, numbers) as Operand;
  if (run.exact || isDecimal(total)) return dividedBy(run, total, numbers.length);
  return total / numbers.length;
}

function extreme(run: Run, numbers: Numbers, sign: 1 | -1): unknown {
  if (!numbers || numbers.length === 0) return undefined;
  run.spend(numbers.length);
  if (!areDoubles(numbers)) return exactExtreme(numbers, sign);
  let best = numbers[0] as number;
  for (let index = 1; index < numbers.length; index++) {
    const number = numbers[index] as number;
    if ((number - best) * sign > 0) best = number;
  }
  return best;
}

function exactExtreme(numbers: readonly Operand[], sign: 1 | -1): Operand {
  return numbers.reduce((best, number) => (decimalOf(number).cmp(decimalOf(best)) === sign ? number : best));
}
