import { failureCode } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import validate from './node.ts';

const schema = {
  type: 'object',
  required: ['id', 'lines'],
  properties: {
    id: { type: 'string' },
    lines: { type: 'array', items: { properties: { quantity: { type: 'integer' } } } },
  },
};

test('R-D1 data that does not fit leaves by “invalid” with every problem and its place', async () => {
  const input = { id: 7, lines: [{ quantity: 1 }, { quantity: 'two' }] };
  expect(await runNode(validate, input, { schema })).toMatchObject({
    kind: 'emit',
    port: 'invalid',
    data: { input, errors: [{ pointer: '/id' }, { pointer: '/lines/1/quantity' }] },
  });
});

test('where nothing is connected to “invalid”, the run fails with INVALID_DATA', () => {
  expect(failureCode(validate.outputs.invalid ?? {})).toBe('INVALID_DATA');
});

test('data that fits goes on unchanged, with fields that the schema does not mention', async () => {
  const input = { id: 'D-1', lines: [], extra: { kept: true } };
  expect(await runNode(validate, input, { schema })).toEqual({ kind: 'emit', port: 'out', data: input });
});
