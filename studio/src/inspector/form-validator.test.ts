import { Expression } from '@millrace/contract';
import Type from 'typebox';
import { expect, test } from 'vitest';
import formValidator from './form-validator.ts';

const schema = Type.Object({ attempts: Expression(Type.Integer({ minimum: 1 })), name: Type.String() });

test('a wrong field is named by its path', () => {
  const { errors, errorSchema } = formValidator.validateFormData({ attempts: 2, name: 5 }, schema);
  expect(errors).toMatchObject([{ name: 'type', property: '.name' }]);
  expect(errorSchema).toMatchObject({ name: { __errors: [expect.stringContaining('string')] } });
});

test('a number field takes an expression, and nothing else that is text', () => {
  expect(formValidator.isValid(schema, { attempts: '{% $params.attempts %}', name: '' }, schema)).toBe(true);
  expect(formValidator.isValid(schema, { attempts: 'three', name: '' }, schema)).toBe(false);
});

test('a part of a schema is checked with the definitions of the whole', () => {
  const whole = { $defs: { sku: { type: 'string', pattern: '^S' } } } as const;
  expect(formValidator.isValid({ $ref: '#/$defs/sku' }, 'S1', whole)).toBe(true);
  expect(formValidator.isValid({ $ref: '#/$defs/sku' }, 'X1', whole)).toBe(false);
});
