import { AnyJson, Duration, Expression, JsonataText, Secret } from '@millrace/contract';
import Type from 'typebox';
import { expect, test } from 'vitest';
import { formErrors, formPlan, formSchema } from './form-plan.ts';

test('each field of a config gets the editor that suits its schema', () => {
  const schema = Type.Object({
    fileName: Expression(Type.String({ default: 'order.json' })),
    rows: Type.Array(Type.Object({ when: JsonataText() })),
    schema: Type.Record(Type.String(), AnyJson),
    headers: Type.Record(Type.String(), Type.String()),
    queries: Type.Record(Type.String(), Expression(Type.String())),
    body: AnyJson,
    content: Expression(AnyJson),
    signature: Type.Union([Type.Object({}), Type.Object({ encoding: Expression(Type.Enum(['hex', 'base64'])) })]),
    fields: Type.Array(AnyJson),
  });
  const plan = formPlan(formSchema(JSON.parse(JSON.stringify(schema)), ['fields']));
  expect(plan).not.toHaveProperty('fields');
  expect(plan).toMatchObject({
    fileName: { 'ui:field': 'expression', 'ui:literal': { 'ui:placeholder': 'order.json' } },
    rows: { items: { when: { 'ui:field': 'jsonata' } } },
    schema: { 'ui:field': 'json' },
    headers: { additionalProperties: {} },
    queries: { additionalProperties: { 'ui:field': 'expression' } },
    body: { 'ui:field': 'json' },
    content: { 'ui:field': 'expression', 'ui:literal': { 'ui:field': 'json' } },
    signature: { anyOf: [{}, { encoding: { 'ui:field': 'expression' } }] },
  });
});

test('R-X4 texts of a certain kind have widgets of their own, also where an expression may stand in their place', () => {
  const schema = Type.Object({
    rule: Expression(Type.String({ format: 'schedule-rule' })),
    timeZone: Type.String({ format: 'time-zone' }),
    after: Duration({ default: '15m' }),
    flow: Type.String({ format: 'flow-id' }),
    password: Secret(Type.String()),
    text: Type.String({ maxLength: 10_000 }),
    name: Type.String({ maxLength: 100 }),
  });
  expect(formPlan(formSchema(JSON.parse(JSON.stringify(schema))))).toMatchObject({
    rule: { 'ui:field': 'expression', 'ui:literal': { 'ui:widget': 'schedule' } },
    timeZone: { 'ui:widget': 'timeZone' },
    after: { 'ui:widget': 'duration', 'ui:placeholder': '15m' },
    flow: { 'ui:widget': 'flow' },
    password: { 'ui:widget': 'secret' },
    text: { 'ui:widget': 'textarea' },
    name: {},
  });
});

test('R-X4 ways of a setting are called by the field that tells them apart, and that field is not asked for', () => {
  const way = (scheme: string, title: string) => Type.Object({ scheme: Type.Literal(scheme, { title }) });
  const schema = Type.Object({ signature: Type.Union([way('none', 'None'), way('bearer', 'Bearer')]) });
  const drawn = formSchema(JSON.parse(JSON.stringify(schema)));
  expect(drawn.properties?.signature).toMatchObject({ anyOf: [{ title: 'None' }, { title: 'Bearer' }] });
  expect(formPlan(drawn)).toMatchObject({ signature: { anyOf: [{ scheme: { 'ui:widget': 'hidden' } }, {}] } });
});

test('problems are laid on the fields they are about', () => {
  const problem = { code: 'X', pointer: '', message: 'Wrong.' };
  expect(
    formErrors([
      { ...problem, field: ['rows', '0', 'when'] },
      { ...problem, field: ['rows', '0', 'when'], hint: 'Do so.' },
      { ...problem, field: [] },
    ]),
  ).toEqual({ rows: { 0: { when: { __errors: ['Wrong.', 'Wrong. Do so.'] } } }, __errors: ['Wrong.'] });
});

test('alternatives of required fields are no choice to be made in the form, others are', () => {
  const schema = { type: 'object', properties: { a: {}, b: {} } } as const;
  expect(formSchema({ ...schema, oneOf: [{ required: ['a'] }, { title: 'B', required: ['b'] }] })).toEqual(schema);
  const choice = { anyOf: [{ properties: { a: { type: 'string' as const } } }] };
  expect(formSchema({ ...schema, ...choice })).toEqual({ ...schema, ...choice });
});
