import Type from 'typebox';
import { expect, test } from 'vitest';
import { typeOf } from './schema-type.ts';

test.each([
  [Type.String({ maxLength: 3 }), 'string'],
  [Type.Integer(), 'number'],
  [Type.Unknown(), 'Json'],
  [Type.Literal('a'), '"a"'],
  [Type.Enum(['a', 'b']), '"a" | "b"'],
  [Type.Union([Type.String(), Type.Null()]), 'string | null'],
  [Type.Array(Type.Union([Type.String(), Type.Null()])), 'readonly (string | null)[]'],
  [Type.Record(Type.String(), Type.Boolean()), '{ readonly [name: string]: boolean }'],
  [Type.Object({}), '{ readonly [name: string]: Json }'],
  [Type.Object({}, { additionalProperties: false }), 'Readonly<Record<never, never>>'],
  [
    Type.Object({ id: Type.String(), 'x-y': Type.Optional(Type.Array(Type.Number())) }),
    '{ readonly id: string; readonly "x-y"?: readonly number[]; }',
  ],
])('%j is the type %s', (schema, type) => {
  expect(typeOf(schema)).toBe(type);
});
