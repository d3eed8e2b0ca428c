import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const map = (expression: string) => ({ type: 'core/map', version: 1, config: { expression } });
const schema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, count: { type: 'integer' } },
};
const costly = '{ "n": $count([1..count][$ % 2 = 0]) }';
const bundle = {
  flow: {
    format: 1,
    id: 'expressions',
    name: 'Expressions',
    nodes: {
      order: { type: 'core/webhook', version: 1, config: { path: 'expressions' } },
      check: { type: 'core/validate', version: 1, config: { schema } },
      plain: map('{ "id": $steps.check.id }'),
      look: map('{ "id": $match($steps.check.id, /PO-(?=[0-9])/).match }'),
      much: map(costly),
    },
    edges: [
      { from: 'order', to: 'check' },
      { from: 'check', to: 'much' },
      { from: 'much', to: 'look' },
      { from: 'look', to: 'plain' },
    ],
  },
};

test('the expressions of a flow are listed with where they are evaluated and why', async () => {
  await instance.call('POST', '/flows', bundle);
  const listed = async () => {
    const answer = await instance.call('GET', '/flows/expressions/expressions');
    expect(misfits('get', '/flows/:id/expressions', answer)).toEqual([]);
    const expressions = answer.body.expressions as { node: string; runs: string; why: { code: string }[] }[];
    return Object.fromEntries(expressions.map(({ node, runs, why }) => [node, [runs, ...why.map(({ code }) => code)]]));
  };
  expect(await listed()).toEqual({ plain: ['engine'], look: ['guarded', 'REGEX_BACKTRACKS'], much: ['engine'] });

  await instance.call('POST', '/evaluate', { expression: costly, input: { count: 1_000_000 } });
  expect(await listed()).toMatchObject({ plain: ['engine'], much: ['guarded', 'BUDGET_EXCEEDED'] });
});

test('a notice tells of it with the problems of the flow, and stands in nobody’s way', async () => {
  const { body } = await instance.call('GET', '/flows/expressions');
  expect(body.problems).toMatchObject([
    { code: 'EXPRESSION_GUARDED', pointer: '/nodes/look/config/expression', severity: 'notice' },
  ]);
  expect(await instance.call('POST', '/flows/expressions/deploy', {})).toMatchObject({ status: 200 });
});

test('what a change of a schema would break is told before it is made', async () => {
  const rename = { at: 'check', rename: { field: ['id'], as: 'number' } };
  const answer = await instance.call('POST', '/flows/expressions/broken-by', rename);
  expect(misfits('post', '/flows/:id/broken-by', answer)).toEqual([]);
  expect(answer.body.broken).toMatchObject([
    { code: 'SOURCE_UNKNOWN', pointer: '/nodes/plain/config/expression', range: { from: 21, to: 23 } },
    { code: 'SOURCE_UNKNOWN', pointer: '/nodes/look/config/expression' },
  ]);
  expect(answer.body.doubtful).toEqual([]);

  const text = { at: 'check', schema: { ...schema, properties: { ...schema.properties, count: { type: 'string' } } } };
  const { body } = await instance.call('POST', '/flows/expressions/broken-by', text);
  expect(body.broken).toMatchObject([
    { code: 'OPERATION_IMPOSSIBLE', pointer: '/nodes/much/config/expression', severity: 'warning' },
  ]);

  for (const [change, status, code] of [
    [{ at: 'nobody', schema: {} }, 404, 'SCHEMA_PLACE_UNKNOWN'],
    [{ at: 'check', rename: { field: ['nr'], as: 'x' } }, 400, 'SCHEMA_FIELD_UNKNOWN'],
    [{ at: 'check' }, 400, 'BAD_REQUEST'],
  ] as const)
    expect(await instance.call('POST', '/flows/expressions/broken-by', change)).toMatchObject({
      status,
      body: { error: { code } },
    });
});
