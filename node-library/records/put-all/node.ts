import { AnyJson, defineNode, Expression, emit, type JsonObject, type Records } from '@millrace/contract';
import Type, { type Static } from 'typebox';

/** So many fit into one transaction without holding up others. */
const mostRecords = 5_000;

const Item = Type.Object(
  {
    type: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
    id: Type.String({ minLength: 1, maxLength: 200 }),
    data: Type.Record(Type.String(), AnyJson),
    why: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  { additionalProperties: false },
);
type Item = Static<typeof Item>;

export default defineNode({
  id: 'records/put-all',
  version: 1,
  title: 'Keep records together',
  summary: 'Creates several records of the flow or replaces their data, all of them or none.',
  docs: `The records may be of several types. They are written in one transaction, the one that moves the run on; where one of
them does not fit its type, none is written. A record that has the very data already stays as it is, without a new version; the
reason under \`why\` is kept in the history of those that change. States are changed by \`records/transition\`.

Emits \`{ created, changed, unchanged }\`, in numbers of records.`,
  icon: 'database-plus',
  config: Type.Object(
    {
      records: Expression(
        Type.Array(Item, {
          title: 'Records',
          description: 'What is kept: the type, id and data of each record, and why it changes.',
          maxItems: mostRecords,
          examples: [[{ type: 'order', id: 'D-1001', data: { total: 250 } }]],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: {
    out: Type.Object({ created: Type.Integer(), changed: Type.Integer(), unchanged: Type.Integer() }),
  },
  effect: 'stored',
  examples: [
    {
      title: 'An order with its lines; one line is as it was',
      config: {
        records:
          '{% [{ "type": "order", "id": id, "data": { "total": total } }, lines.{ "type": "order-line", "id": sku, "data": { "qty": qty }, "why": "Ordered" }] %}',
      },
      input: {
        id: 'D-1001',
        total: 250,
        lines: [
          { sku: 'A-1', qty: 2 },
          { sku: 'B-2', qty: 1 },
        ],
      },
      records: [
        { type: 'order-line', id: 'A-1', data: { qty: 2 } },
        { type: 'order-line', id: 'B-2', data: { qty: 5 } },
      ],
      expect: { port: 'out', data: { created: 1, changed: 1, unchanged: 1 } },
    },
  ],
  async run(_input, { records }, ctx) {
    await Promise.all(records.map(({ type, id }) => ctx.records.get(type, id)));
    const counts = { created: 0, changed: 0, unchanged: 0 };
    for (const item of records) counts[await keep(item, ctx.records)]++;
    return emit('out', counts);
  },
});

async function keep({ type, id, data, why }: Item, records: Records): Promise<'created' | 'changed' | 'unchanged'> {
  const before = await records.get(type, id);
  const { version } = await records.put(type, id, data as JsonObject, why);
  if (!before) return 'created';
  return version === before.version ? 'unchanged' : 'changed';
}
