import { expect, test } from 'vitest';
import { fileName, untakenHighlights } from './untaken.ts';

test('R-F9 the edges that no test takes are pointed out, by their ports', () => {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'a', port: 'invalid', to: 'c' },
  ];
  const flow = { format: 1 as const, id: 'f', name: 'F', nodes: {}, edges };
  expect(Object.fromEntries(untakenHighlights(flow, ['a:invalid → c']).edges)).toEqual({ 'a:invalid>c': 'untaken' });
});

test('R-F9 a test gets a file name of its own', () => {
  expect(fileName('Customer unknown in the ERP!', [])).toBe('customer-unknown-in-the-erp');
  expect(fileName('retry', ['retry', 'retry-2'])).toBe('retry-3');
  expect(fileName('…', [])).toBe('test');
});
