import {
  AnyJson,
  type Blobs,
  defineNode,
  emit,
  isBlobRef,
  type Json,
  type JsonObject,
  MillraceError,
  type MissingRecords,
} from '@millrace/contract';
import Type from 'typebox';
import { SyncConfig } from './config.ts';

const Report = Type.Object({
  received: Type.Integer(),
  created: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  missing: Type.Integer(),
  deactivated: Type.Integer(),
  invalid: Type.Integer(),
  problems: Type.Array(AnyJson),
});

export default defineNode({
  id: 'records/sync',
  version: 1,
  title: 'Sync records',
  summary: 'Makes the records of a type be what a whole list says, all at once or not at all.',
  docs: `Each item becomes the record whose id it holds: created where it is new, replaced where it differs, left alone where it is
the same. Items are checked against the record type and may be millions: they are gathered first and merged in one transaction,
and a step that is repeated after a crash gives the report of the first time. An item does not bring the state of the life cycle.

With **missing records**, what is not among the items is deactivated, by a move of the life cycle, by fields, or both; nothing is
ever erased. An item that is not valid protects its record from counting as missing. Nothing is changed where the items cannot be
believed: more records missing than \`mostPercent\` (\`SYNC_TOO_DIFFERENT\`), another number of items than announced
(\`SYNC_INCOMPLETE\`), items without an id (\`SYNC_ID_MISSING\`), or a list that breaks off (\`SYNC_INPUT_BROKEN\`).

Emits \`{ received, created, changed, unchanged, missing, deactivated, invalid, problems }\`; of the problems the first 100, each
with the item’s place, id, code, pointer and message.`,
  icon: 'refresh',
  config: SyncConfig,
  input: AnyJson,
  outputs: { out: Report },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'A nightly list of products; what is gone is deactivated',
      config: {
        type: 'product',
        items: '{% products %}',
        idField: 'sku',
        missing: { set: { is_active: false }, mostPercent: 50 },
      },
      input: {
        products: [
          { sku: 'A', price: 11, is_active: true },
          { sku: 'C', price: 30, is_active: true },
        ],
      },
      records: [
        { type: 'product', id: 'A', data: { sku: 'A', price: 10, is_active: true } },
        { type: 'product', id: 'B', data: { sku: 'B', price: 20, is_active: true } },
      ],
      expect: {
        port: 'out',
        data: {
          received: 2,
          created: 1,
          changed: 1,
          unchanged: 0,
          missing: 1,
          deactivated: 1,
          invalid: 0,
          problems: [],
        },
      },
    },
    {
      title: 'A list that lacks most of the records is not believed',
      config: { type: 'product', idField: 'sku', missing: { set: { is_active: false } } },
      input: [],
      records: [{ type: 'product', id: 'A', data: { sku: 'A', is_active: true } }],
      expect: { error: 'SYNC_TOO_DIFFERENT' },
    },
  ],
  async run(input, { type, items, idField, missing, onInvalid = 'skip', expectedCount }, ctx) {
    const source = itemsIn((items ?? input) as Json, ctx.blobs);
    const report = await ctx.recordSets.sync(whole(source, ctx.signal), {
      type,
      idField,
      onInvalid,
      ...(missing && { missing: missingOf(missing) }),
      ...(expectedCount !== undefined && { expectedCount }),
      key: ctx.idempotencyKey(),
    });
    return emit('out', report as unknown as JsonObject);
  },
});

type Missing = NonNullable<SyncConfig['missing']>;

function missingOf({ set, mostPercent = 10, ...states }: Missing): MissingRecords {
  if (states.to === undefined && Object.keys(set ?? {}).length === 0) {
    const message = 'Say what becomes of missing records: a state, fields, or both.';
    throw new MillraceError('SYNC_TARGET_MISSING', message, { pointer: '/missing' });
  }
  return { ...states, mostPercent, ...(set && { set: set as JsonObject }) };
}

function itemsIn(items: Json, blobs: Blobs): AsyncIterable<Json> | readonly Json[] {
  if (isBlobRef(items)) return blobs.readLines(items);
  if (Array.isArray(items)) return items;
  throw new MillraceError('SYNC_ITEMS_INVALID', 'The items are neither a list nor a list in the payload store.', {
    pointer: '/items',
  });
}

/** Every item, or an error: a list that breaks off must not pass for a short one. */
async function* whole(items: AsyncIterable<Json> | readonly Json[], signal: AbortSignal): AsyncGenerator<Json> {
  try {
    for await (const item of items) {
      if (signal.aborted)
        throw new MillraceError('CANCELLED', 'The sync was cancelled; nothing was changed.', { category: 'cancelled' });
      yield item;
    }
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new MillraceError(
      'SYNC_INPUT_BROKEN',
      'The list breaks off or holds a line that is no JSON. Nothing was changed.',
    );
  }
}
