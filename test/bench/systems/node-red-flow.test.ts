import { expect, test } from 'vitest';
import { nodeRedFlow } from './node-red-flow.ts';

const flow = nodeRedFlow(
  { schema: { type: 'object' }, mapping: '{ "Header": {} }' },
  'http://127.0.0.1:1/',
) as readonly {
  readonly id: string;
  readonly wires?: readonly (readonly string[])[];
}[];

test('the nodes follow one another from the order to the answer', () => {
  const next = Object.fromEntries(flow.map(({ id, wires }) => [id, wires?.flat()]));
  expect(next).toMatchObject({ order: ['schema'], schema: ['check'], check: ['map'], map: ['send'], send: ['answer'] });
  expect(next.answer).toEqual([]);
});

test('schema and mapping are the unit’s', () => {
  const text = JSON.stringify(flow);
  expect(text).toContain(JSON.stringify(JSON.stringify({ type: 'object' })));
  expect(text).toContain(JSON.stringify('payload.({ "Header": {} })'));
});
