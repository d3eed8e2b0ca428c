import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/client.ts';
import { keepingSecrets, problemsIn, secretNames, withoutMarks } from './connection-form.ts';

const schema = {
  properties: { host: { type: 'string' }, token: { type: 'string', 'x-secret': true } },
  required: ['host', 'token'],
  anyOf: [{ properties: { password: { type: 'string', 'x-secret': true } }, required: ['password'] }],
} as const;
const given = structuredClone(schema) as never;

describe('R-X5 secrets of a connection', () => {
  it('are found in every branch of its schema', () => {
    expect(secretNames(given)).toEqual(['token', 'password']);
  });

  it('are not in the form, whose fields are empty where they are set', () => {
    const shown = withoutMarks({ host: 'a', password: { set: true } }, given);
    expect(shown).toEqual({ config: { host: 'a' }, set: ['password'] });
  });

  it('need not be given again where they are set, and the form says so', () => {
    expect(keepingSecrets(given, ['password'], 'Set.')).toEqual({
      properties: schema.properties,
      required: ['host', 'token'],
      anyOf: [{ properties: { password: { type: 'string', 'x-secret': true, description: 'Set.' } }, required: [] }],
    });
  });
});

it('a refused config says what is wrong at its fields', () => {
  const problem = { code: 'BAD_VALUE', pointer: '/config/host', message: 'It is empty.' };
  expect(problemsIn(new ApiError(422, 'CONNECTION_INVALID', 'No.', [problem]))).toEqual([
    { ...problem, field: ['host'] },
  ]);
  expect(problemsIn(null)).toEqual([]);
});
