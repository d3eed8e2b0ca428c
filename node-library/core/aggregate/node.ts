import { AnyJson, defineNode, emit, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import { collect } from '../list/collect.ts';
import { itemsOf } from '../list/items.ts';
import { AggregateConfig } from './config.ts';
import { Groups } from './groups.ts';
import { valuesOf } from './values.ts';

export default defineNode({
  id: 'core/aggregate',
  version: 1,
  title: 'Aggregate',
  summary: 'Makes one item of each group of items: sums, counts, first and last, and what belongs together.',
  docs: `Groups stand in the order of their first items. Sums are exact: money is added up digit by digit, and a value may
be a number or a decimal text such as \`"12.50"\`; anything else fails the step. Items whose value is missing are left
out of sums, counts and collections. An item for which \`groupBy\` has no value belongs to a group of its own, which lacks
that field.

A file that holds a list is read as it goes along; only the groups are kept.`,
  icon: 'sum',
  config: AggregateConfig,
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'read',
  examples: [
    {
      title: 'Totals for each customer',
      config: {
        from: '{% $ %}',
        groupBy: [{ to: 'customer', from: 'customer.id' }],
        fields: [
          { to: 'total', take: 'sum', from: 'amount' },
          { to: 'orders', take: 'collect', from: 'id' },
        ],
      },
      input: [
        { id: 'D-1', customer: { id: 'C-7' }, amount: '0.10' },
        { id: 'D-2', customer: { id: 'C-8' }, amount: 5 },
        { id: 'D-3', customer: { id: 'C-7' }, amount: '0.20' },
      ],
      expect: {
        port: 'out',
        data: [
          { customer: 'C-7', total: 0.3, orders: ['D-1', 'D-3'] },
          { customer: 'C-8', total: 5, orders: ['D-2'] },
        ],
      },
    },
    {
      title: 'What can be said of a whole list',
      config: {
        from: '{% $ %}',
        fields: [
          { to: 'lines', take: 'count' },
          { to: 'newest', take: 'last', from: 'id' },
        ],
      },
      input: [{ id: 'A' }, { id: 'B' }],
      expect: { port: 'out', data: [{ lines: 2, newest: 'B' }] },
    },
    {
      title: 'What is no number cannot be added up',
      config: { from: '{% $ %}', fields: [{ to: 'total', take: 'sum', from: 'amount' }] },
      input: [{ amount: 'a lot' }],
      expect: { error: 'EXPRESSION_FAILED' },
    },
  ],
  async run(_input, config, { blobs, evaluate }) {
    assertNamesDiffer(config);
    const groups = new Groups(config, evaluate);
    const items = itemsOf(config.from as Json, blobs);
    for await (const values of valuesOf(items, config, evaluate)) await groups.add(values);
    return emit('out', await collect(results(groups), { as: config.as, name: 'groups', blobs }));
  },
});

async function* results(groups: Groups): AsyncGenerator<JsonObject> {
  yield* groups.results();
}

function assertNamesDiffer({ groupBy = [], fields }: AggregateConfig): void {
  const names = [...groupBy, ...fields].map(({ to }) => to);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new MillraceError('FIELD_TWICE', `Two fields of the result are called “${twin}”.`);
}
