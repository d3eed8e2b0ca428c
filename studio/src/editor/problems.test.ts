import type { FlowDocument } from '@millrace/flow';
import { expect, test } from 'vitest';
import { keysOf, placeOf, problemsByNode } from './problems.ts';

const flow: FlowDocument = {
  format: 1,
  id: 'orders',
  name: 'Orders',
  nodes: { a: { type: 'core/webhook', version: 1, config: {} }, b: { type: 'core/map', version: 1, config: {} } },
  edges: [
    { from: 'a', to: 'gone' },
    { from: 'gone', to: 'b' },
  ],
};
const problem = (pointer: string) => ({ code: 'X', pointer, message: 'Wrong.' });

test('a pointer is read with its escapes', () => {
  expect(keysOf('/nodes/a~1b/config/x~0y')).toEqual(['nodes', 'a/b', 'config', 'x~y']);
  expect(keysOf('')).toEqual([]);
});

test('a problem in the config names node and field', () => {
  expect(placeOf(problem('/nodes/b/config/fields/0/to'), flow)).toEqual({ node: 'b', field: ['fields', '0', 'to'] });
  expect(placeOf(problem('/nodes/b/type'), flow)).toEqual({ node: 'b' });
});

test('a problem of an edge lies on the end that exists', () => {
  expect(placeOf(problem('/edges/0/to'), flow)).toEqual({ node: 'a' });
  expect(placeOf(problem('/edges/1'), flow)).toEqual({ node: 'b' });
});

test('what is about the whole flow lies on no node', () => {
  expect(problemsByNode([problem(''), problem('/name'), problem('/nodes/b')], flow)).toEqual(
    new Map([['b', [problem('/nodes/b')]]]),
  );
});
