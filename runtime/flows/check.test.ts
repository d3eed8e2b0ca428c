import { catalogueOf, describeCatalogue, type Json } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import core from '@millrace/pack-core';
import { afterAll, expect, test } from 'vitest';
import { type Evaluator, startEvaluator } from '../evaluator/evaluator.ts';
import type { EvaluationTask } from '../evaluator/protocol.ts';
import { checkBundle } from './check.ts';
import { checkSchemas } from './check-schemas.ts';

const evaluator = startEvaluator({ processes: 1 });
afterAll(() => evaluator.close());
const types = describeCatalogue(catalogueOf([core]));

interface Schemas {
  readonly schema?: Json;
  readonly target?: Json;
  readonly parameters?: Json;
  readonly record?: Json;
}

/** Order → check → map, with these schemas. */
function bundle({ schema = {}, target = {}, parameters = {}, record = {} }: Schemas): FlowBundle {
  const flow = {
    format: 1,
    id: 'orders',
    name: 'Orders',
    parameters,
    nodes: {
      order: { type: 'core/manual', version: 1, config: {} },
      check: { type: 'core/validate', version: 1, config: { schema } },
      map: { type: 'core/map', version: 1, config: { expression: '$', target } },
    },
    edges: [
      { from: 'order', to: 'check' },
      { from: 'check', to: 'map' },
    ],
  };
  const records = [{ id: 'order', title: 'Order', schema: record }];
  return { flow, layout: { nodes: {} }, samples: {}, tests: {}, records } as FlowBundle;
}

const check = (schemas: Schemas) => checkBundle(bundle(schemas), { types, evaluator }, 'acme');

const places: readonly (readonly [keyof Schemas, string])[] = [
  ['schema', '/nodes/check/config/schema'],
  ['target', '/nodes/map/config/target'],
  ['parameters', '/parameters'],
  ['record', '/records/0/schema'],
];

test.each(places)('R-X1 a %s that is no JSON Schema is a problem, with the place in it', async (name, at) => {
  const wrong = { type: 'object', properties: { id: { type: 'text' }, qty: { minimum: '1' } } };
  expect(await check({ [name]: wrong })).toEqual([
    {
      code: 'SCHEMA_INVALID',
      pointer: `${at}/properties/id/type`,
      message: expect.stringMatching(/^This is no valid JSON Schema: One of "array", .* is expected\.$/),
      hint: expect.stringContaining('2020-12'),
    },
    expect.objectContaining({ code: 'SCHEMA_INVALID', pointer: `${at}/properties/qty/minimum` }),
  ]);
});

test.each<[string, Json]>([
  ['a reference that leads nowhere', { $ref: '#/$defs/order' }],
  ['a reference to elsewhere', { $ref: 'https://example.org/order.json' }],
  ['a pattern that is none', { properties: { id: { pattern: '(' } } }],
])('%s is a problem', async (_what, schema) => {
  expect(await check({ schema })).toMatchObject([{ code: 'SCHEMA_INVALID', pointer: '/nodes/check/config/schema' }]);
});

test('good schemas are no problem, whatever draft they say that they are of', async () => {
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', definitions: { a: { type: 'string' } } };
  const target = {
    type: 'object',
    properties: { id: { $ref: '#/$defs/id' } },
    $defs: { id: { type: ['string', 'null'] } },
  };
  expect(await check({ schema, target, parameters: { type: 'object' }, record: { type: 'object' } })).toEqual([]);
});

test('what is no schema at all is told once', async () => {
  expect(await check({ schema: 'order' })).toMatchObject([{ pointer: '/nodes/check/config/schema' }]);
});

test('a schema that takes too much is told, and those behind it are not looked at', async () => {
  const error = { category: 'transient', code: 'EXPRESSION_TIMEOUT', message: 'The evaluation took longer.' } as const;
  const looked: EvaluationTask[] = [];
  const overtaxed: Evaluator = {
    async evaluate(_tenant, tasks) {
      looked.push(...tasks);
      return tasks.map(() => ({ ok: false, error }));
    },
    isCostly: () => false,
    close: async () => undefined,
  };
  const places = ['/parameters', '/nodes/check/config/schema'].map((pointer) => ({ schema: {}, pointer }));
  expect(await checkSchemas(places, overtaxed, 'acme')).toMatchObject([
    { code: 'EXPRESSION_TIMEOUT', pointer: '/parameters' },
  ]);
  expect(looked).toHaveLength(1);
});
