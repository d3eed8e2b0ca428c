import { makeOrder } from '@millrace/jsonata/bench/order';
import jsonata from 'jsonata';
import { rateOf } from './rate.ts';

const lines = 10;

export async function countMappings(mapping: string, seconds: number): Promise<number> {
  const expression = jsonata(mapping);
  const order = makeOrder(lines, 'O-1');
  return rateOf(1, seconds, () => expression.evaluate(order));
}
