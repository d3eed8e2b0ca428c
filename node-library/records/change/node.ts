import {
  AnyJson,
  defineNode,
  emit,
  Failure,
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  type NodeContext,
  type StoredRecord,
} from '@millrace/contract';
import Type from 'typebox';
import { RecordOutput, recordOutput } from '../record.ts';
import { ChangeConfig } from './config.ts';

const Nullable = Type.Union([Type.Record(Type.String(), AnyJson), Type.Null()]);
const Refused = Type.Object({
  refused: Type.Array(Type.Object({ id: Type.String(), item: AnyJson, data: Nullable })),
});

const reserving = {
  type: 'stock',
  items: '{% lines %}',
  id: 'sku',
  when: 'data != null and $moneySubtract(data.quantity, data.reserved) >= item.quantity',
  set: '{ "reserved": $moneyAdd(data.reserved, item.quantity) }',
};

export default defineNode({
  id: 'records/change',
  version: 1,
  title: 'Change records',
  summary: 'Changes records by what they hold, if a condition allows it: all of them, or none.',
  docs: `Reads each record, tests the condition and writes the change in one step, so that nobody else’s change comes between:
of a hundred runs that reserve the last ten pieces, ten succeed. Several items for the same record follow each other, each seeing
what the one before has set. A record that is not there is created, where the condition allows it.

Where the condition does not hold for an item, nothing is changed at all, and every such item leaves by **refused**, as
\`{ "refused": [{ "id", "item", "data" }] }\` with the record as it is. If nothing is attached there, the step fails with
\`CHANGE_REFUSED\`. Otherwise the records leave as \`{ "records": [{ "type", "id", "version", "data", "before" }] }\`, in the order of
their first item; \`before\` is null where the record is new.

The state of a life cycle is changed by \`records/transition\`.`,
  icon: 'database-edit',
  config: ChangeConfig,
  input: AnyJson,
  outputs: {
    out: Type.Object({ records: Type.Array(Type.Object({ ...RecordOutput.properties, before: Nullable })) }),
    refused: Failure('CHANGE_REFUSED', Refused),
  },
  effect: 'stored',
  examples: [
    {
      title: 'Stock is reserved for all lines of an order',
      config: reserving,
      input: { lines: [{ sku: 'A', quantity: 2 }] },
      records: [{ type: 'stock', id: 'A', data: { quantity: 10, reserved: 7 } }],
      expect: {
        port: 'out',
        data: {
          records: [
            {
              type: 'stock',
              id: 'A',
              version: 2,
              data: { quantity: 10, reserved: 9 },
              before: { quantity: 10, reserved: 7 },
            },
          ],
        },
      },
    },
    {
      title: 'More than there is is refused, with what there is',
      config: reserving,
      input: { lines: [{ sku: 'A', quantity: 4 }] },
      records: [{ type: 'stock', id: 'A', data: { quantity: 10, reserved: 7 } }],
      expect: {
        port: 'refused',
        data: { refused: [{ id: 'A', item: { sku: 'A', quantity: 4 }, data: { quantity: 10, reserved: 7 } }] },
      },
    },
    {
      title: 'A condition that is none is refused',
      config: { type: 'stock', id: 'sku', when: 'data.quantity', set: '{}' },
      input: { sku: 'A' },
      records: [{ type: 'stock', id: 'A', data: { quantity: 10 } }],
      expect: { error: 'CHANGE_CONDITION' },
    },
  ],
  async run(input, config, ctx) {
    const { changes, refused } = await changesBy((config.items as Json[] | undefined) ?? [input], config, ctx);
    if (refused.length > 0) return emit('refused', { refused });
    const records: Json[] = [];
    for (const [id, { before, data }] of changes)
      records.push({ ...recordOutput(await ctx.records.put(config.type, id, data as JsonObject)), before });
    return emit('out', { records });
  },
});

interface Change {
  readonly before: JsonObject | null;
  readonly data: JsonObject | null;
}

/** What is to become of each record, and which items may not have their way. */
async function changesBy(items: readonly Json[], { type, id: idOf, when, set }: ChangeConfig, ctx: NodeContext) {
  const changes = new Map<string, Change>();
  const refused: JsonObject[] = [];
  const named = await namedBy(items, idOf, ctx);
  const stored = await recordsOf(type, new Set(named.map(({ id }) => id)), ctx);
  for (const { item, id } of named) {
    const { before, data } = changes.get(id) ?? unchanged(stored.get(id));
    const about = { item, data };
    if (!(await holds(when, about, ctx))) refused.push({ id, ...about });
    else changes.set(id, { before, data: { ...data, ...(await fieldsOf(set, about, ctx)) } });
  }
  return { changes, refused };
}

/** The items, each with the id of its record. */
async function namedBy(items: readonly Json[], idOf: string, ctx: NodeContext) {
  const named: { readonly item: Json; readonly id: string }[] = [];
  for (const item of items) named.push({ item, id: await idIn(idOf, item, ctx) });
  return named;
}

async function recordsOf(type: string, ids: ReadonlySet<string>, { records }: NodeContext) {
  const found = await Promise.all([...ids].map(async (id) => [id, await records.get(type, id)] as const));
  return new Map(found);
}

function unchanged(record: StoredRecord | undefined): Change {
  const data = record?.data ?? null;
  return { before: data, data };
}

async function idIn(text: string, item: Json, { evaluate }: NodeContext): Promise<string> {
  const id = await evaluate(text, item);
  if (typeof id === 'string' && id !== '') return id;
  throw new MillraceError('CHANGE_ID_MISSING', 'An item names no record: the id gave no text.', { pointer: '/id' });
}

async function holds(text: string | undefined, about: JsonObject, { evaluate }: NodeContext): Promise<boolean> {
  const isTrue = text === undefined ? true : await evaluate(text, about);
  if (typeof isTrue === 'boolean') return isTrue;
  throw new MillraceError('CHANGE_CONDITION', 'The condition gave neither true nor false.', { pointer: '/when' });
}

async function fieldsOf(text: string, about: JsonObject, { evaluate }: NodeContext): Promise<JsonObject> {
  const fields = await evaluate(text, about);
  if (fields !== undefined && isObject(fields)) return fields;
  throw new MillraceError('CHANGE_FIELDS', 'What is to be set is no object of fields.', { pointer: '/set' });
}
