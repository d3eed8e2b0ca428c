import { AnyJson, defineNode, emit, FitsConfig, type Json, JsonataText, JsonSchema } from '@millrace/contract';
import { FieldMap, fieldsToText } from '@millrace/mapping';
import Type, { type Static } from 'typebox';
import { make } from './make.ts';

const MapConfig = Type.Object(
  {
    expression: Type.Optional(
      JsonataText({
        title: 'Expression',
        description: 'JSONata without braces; $ is the input. Such as { "order_id": id, "skus": items.sku }',
      }),
    ),
    fields: Type.Optional(
      Type.Unsafe<FieldMap>({
        ...FieldMap,
        title: 'Fields',
        description: 'Lines of a mapping: where a value goes, and where it comes from.',
        minItems: 1,
        examples: [[{ to: 'header.order_id', from: 'id', required: true }]],
      }),
    ),
    target: Type.Optional(
      JsonSchema({
        title: 'Target',
        description: 'JSON Schema (draft 2020-12) that the new data must fit.',
        examples: [{ type: 'object', required: ['order_id'] }],
      }),
    ),
  },
  {
    additionalProperties: false,
    oneOf: [
      { title: 'Field by field', required: ['fields'] },
      { title: 'One expression', required: ['expression'] },
    ],
  },
);
type MapConfig = Static<typeof MapConfig>;

export default defineNode({
  id: 'core/map',
  version: 1,
  title: 'Map',
  summary: 'Makes new data out of the input, field by field or by one expression.',
  docs: `A field map and an expression are the same thing seen twice: \`{ "to": "header.order_id", "from": "id" }\` is a line of
a table in the studio and a part of one JSONata text when it runs. \`each\` repeats the lines under it for every item of a
list, \`default\` stands in for a value that is missing, \`required\` fails where there is neither.

With a target, a list in the target is always a list: a single value is put into one. Where it is known what comes in,
because a node before checks it or always gives it, the mapping is checked against both sides before it ever runs.

A mapping that gives nothing fails with \`MAP_EMPTY\`; one that does not fit its target with \`MAP_RESULT_INVALID\`, naming
every problem with its place in the result.`,
  icon: 'transform',
  config: MapConfig,
  input: AnyJson,
  outputs: { out: FitsConfig('target', AnyJson) },
  mapping: { expression: 'expression', fields: 'fields', target: 'target' },
  effect: 'pure',
  examples: [
    {
      title: 'An order becomes the document that the ERP reads, field by field',
      config: {
        fields: [
          { to: 'header.order_id', from: 'id', required: true },
          { to: 'header.currency', from: 'currency', default: 'SEK' },
          {
            to: 'lines',
            each: 'items',
            fields: [
              { to: 'sku', from: 'sku' },
              { to: 'qty', from: 'quantity', default: 1 },
            ],
          },
        ],
      },
      input: { id: 'D-1001', items: [{ sku: 'A-1', quantity: 2 }, { sku: 'B-2' }] },
      expect: {
        port: 'out',
        data: {
          header: { order_id: 'D-1001', currency: 'SEK' },
          lines: [
            { sku: 'A-1', qty: 2 },
            { sku: 'B-2', qty: 1 },
          ],
        },
      },
    },
    {
      title: 'The same by one expression',
      config: { expression: '{ "order_id": id, "skus": [items.sku] }' },
      input: { id: 'D-1001', items: [{ sku: 'A-1' }] },
      expect: { port: 'out', data: { order_id: 'D-1001', skus: ['A-1'] } },
    },
    {
      title: 'A result that does not fit its target is refused',
      config: { expression: '{ "order_id": number }', target: { type: 'object', required: ['order_id'] } },
      input: { id: 'D-1001' },
      expect: { error: 'MAP_RESULT_INVALID' },
    },
  ],
  async run(input, config, ctx) {
    return emit('out', await make(expressionOf(config), config.target as Json | undefined, input, ctx));
  },
});

function expressionOf({ expression, fields }: MapConfig): string {
  // The schema demands exactly one of the two.
  return fields ? fieldsToText(fields) : (expression as string);
}
