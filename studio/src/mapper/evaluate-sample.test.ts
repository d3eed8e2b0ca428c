import { ExactNumber, type Json, readJson, writeJson } from '@millrace/contract';
import { expect, test } from 'vitest';
import { answerTo } from './evaluate-sample.ts';

const ask = (mapping: object, input: Json, more: Record<string, Json> = {}) =>
  readJson(
    answerTo(writeJson({ mapping, input, bindings: {}, tables: {}, now: '2026-11-30T00:00:00Z', ...more } as never)),
  );

test('R-X4 lines and texts are evaluated, with exact numbers kept', () => {
  const input = readJson('{"total": 12345678901234567.89}');
  expect(ask({ kind: 'fields', fields: [{ to: 'sum', from: 'total' }] }, input)).toEqual({
    result: { sum: new ExactNumber('12345678901234567.89') },
  });
  expect(ask({ kind: 'text', expression: '{ "n": 1 }' }, null)).toEqual({ result: { n: 1 } });
});

test('R-X4 a list of the target stays a list, and code tables are looked up', () => {
  const target = { type: 'object', properties: { tags: { type: 'array' } } };
  expect(ask({ kind: 'text', expression: '{ "tags": "a" }' }, null, { target })).toEqual({ result: { tags: ['a'] } });
  const tables = { units: { PCE: [{ value: 'ST' }] } };
  expect(ask({ kind: 'text', expression: '$lookup("units", "PCE")' }, null, { tables })).toEqual({ result: 'ST' });
});

test('R-X4 a mistake is answered with its place', () => {
  expect(ask({ kind: 'text', expression: '1 +' }, null)).toMatchObject({
    error: { code: 'EXPRESSION_PARSE', position: expect.any(Number) },
  });
  expect(ask({ kind: 'fields', fields: [{ to: 'a' }] }, null)).toMatchObject({ error: { code: 'FIELD_MAP_INVALID' } });
});
