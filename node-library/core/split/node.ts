import { AnyJson, defineNode, Expression, emit, type Json } from '@millrace/contract';
import Type from 'typebox';
import { collect, ListForm } from '../list/collect.ts';
import { itemsOf } from '../list/items.ts';
import { chunksOf } from './chunks.ts';
import { listAt, placeOf } from './list-at.ts';

const Config = Type.Object(
  {
    from: Expression(
      Type.Unknown({
        title: 'Data',
        description: 'A list, a file that holds one, or an object with a list in it; {% $ %} is the input itself.',
        examples: ['{% $steps.parse %}'],
      }),
    ),
    list: Type.Optional(
      Type.String({
        title: 'List at',
        description:
          'Names that lead to the list in an object, joined by dots. Each part is then the whole object with its share of the list. Without it the data is the list, and each part a list.',
        minLength: 1,
        maxLength: 1000,
        examples: ['order.lines'],
      }),
    ),
    size: Type.Integer({
      title: 'Items in a part',
      description: 'Only the last part may have fewer.',
      minimum: 1,
      maximum: 10_000,
      examples: [100],
    }),
    as: Type.Optional(ListForm),
  },
  { additionalProperties: false },
);

export default defineNode({
  id: 'core/split',
  version: 1,
  title: 'Split',
  summary: 'Cuts a long list into parts of a fixed size, repeating what stands around it.',
  docs: `For systems that take a hundred lines at a time: a for-each behind it handles part after part. An empty list has no
parts. A file that holds a list is read as it is cut, whatever its length.`,
  icon: 'cut',
  config: Config,
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'read',
  examples: [
    {
      title: 'An order of three lines, two at a time',
      config: { from: '{% $ %}', list: 'lines', size: 2 },
      input: { id: 'D-1001', lines: [{ sku: 'A' }, { sku: 'B' }, { sku: 'C' }] },
      expect: {
        port: 'out',
        data: [
          { id: 'D-1001', lines: [{ sku: 'A' }, { sku: 'B' }] },
          { id: 'D-1001', lines: [{ sku: 'C' }] },
        ],
      },
    },
    {
      title: 'A list alone',
      config: { from: '{% $ %}', size: 2 },
      input: [1, 2, 3],
      expect: { port: 'out', data: [[1, 2], [3]] },
    },
    {
      title: 'Where there is no list, the step fails',
      config: { from: '{% $ %}', list: 'lines', size: 2 },
      input: { id: 'D-1001' },
      expect: { error: 'LIST_MISSING' },
    },
  ],
  async run(_input, config, { blobs }) {
    const place = placeOf(config.from as Json, config.list);
    const chunks = chunksOf(itemsOf(listAt(place), blobs), config.size, place);
    return emit('out', await collect(chunks, { as: config.as, name: 'parts', blobs }));
  },
});
