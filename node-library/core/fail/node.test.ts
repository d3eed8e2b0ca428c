import { authoringSchema, type Json } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import Value from 'typebox/value';
import { describe, expect, test } from 'vitest';
import failNode from './node.ts';

const refusal = { code: 'ORDER_REFUSED', message: 'The order does not fit.' };

describe('an error of one’s own', () => {
  test('R-D1 carries every problem that the check behind it found', async () => {
    const errors = ['/a', '/b', '/c', '/d', '/e'].map((pointer) => ({
      code: 'REQUIRED',
      pointer,
      message: 'It is missing.',
    }));
    expect(await runNode(failNode, { input: {}, errors }, refusal)).toEqual({
      kind: 'fail',
      error: { category: 'validation', ...refusal, problems: errors },
    });
  });

  test('leaves out what is no problem', async () => {
    const result = await runNode(failNode, { errors: ['broken', { code: 1 }] }, refusal);
    expect(result).toEqual({ kind: 'fail', error: { category: 'validation', ...refusal } });
  });

  test('keeps its details and category', async () => {
    const config = { ...refusal, category: 'not-found' as const, details: { customer: 'CUST-4711' } };
    expect(await runNode(failNode, null, config)).toEqual({ kind: 'fail', error: config });
  });
});

test('an error passed on is the very error that led here', async () => {
  const error = {
    category: 'auth' as const,
    code: 'HTTP_401',
    message: 'POST https://erp.example.com answered 401.',
    details: { status: 401 },
    pointer: '/url',
  };
  expect(await runNode(failNode, { errors: [] }, { error })).toEqual({ kind: 'fail', error });
});

test.each<{ what: string; config: Json }>([
  { what: 'nothing', config: {} },
  { what: 'a code without a message', config: { code: 'X' } },
  { what: 'a code together with an error to pass on', config: { ...refusal, error: '{% $error %}' } },
  { what: 'details together with an error to pass on', config: { error: '{% $error %}', details: 1 } },
  { what: 'a code in small letters', config: { ...refusal, code: 'refused' } },
])('is not set up with $what', ({ config }) => {
  expect(schemaProblems(authoringSchema(failNode.config), config)).not.toEqual([]);
});

test('is set up with $error alone', () => {
  expect(schemaProblems(authoringSchema(failNode.config), { error: '{% $error %}' })).toEqual([]);
});

test('filled in with its defaults, it still passes the error on', () => {
  const config = Value.Default(failNode.config, { error: { code: 'HTTP_500', message: 'No.' } });
  expect(schemaProblems(failNode.config, config as Json)).toEqual([]);
});
