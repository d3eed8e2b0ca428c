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
  type NodeContext,
  type RecordSync,
} from '@millrace/contract';
import Type from 'typebox';
import { conditionsOf } from '../query/conditions.ts';
import { listChanges } from './changes.ts';
import { SyncConfig } from './config.ts';
import { readItems } from './items.ts';

const Report = Type.Object({
  received: Type.Integer(),
  created: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  left: Type.Integer(),
  missing: Type.Integer(),
  deactivated: Type.Integer(),
  invalid: Type.Integer(),
  problems: Type.Array(AnyJson),
  changes: Type.Optional(Type.Object({ first: Type.Array(AnyJson), all: AnyJson })),
});

export default defineNode({
  id: 'records/sync',
  version: 1,
  title: 'Sync records',
  summary: 'Makes the records of a type be what a whole list says, all at once or not at all.',
  docs: `Each item becomes the record whose id it holds: created where it is new, changed where it differs, left alone where it is
the same. Items are checked against the record type and may be millions: they are gathered first and merged in one transaction,
and a step that is repeated after a crash gives the report of the first time. An item does not bring the state of the life cycle.

An item is the data of its record, or is **mapped** to it, by fields or one expression. A record then holds exactly that, unless
**other fields** are kept: what the item does not bring stays, and a new record gets what is set for it. Fields under **set on
change** are given to records that an item creates or changes, and change none by themselves: the time of the list, a reason.
Each item is checked as the new record that it would be.

Records that do not fit **only where** are left alone, such as those that are newer than the list.

With **missing records**, what is not among the items is deactivated, by a move of the life cycle, by fields, or both; nothing is
ever erased. A move stamps its time where the life cycle keeps that. With neither they are only counted. An item that is not valid protects its record from counting as missing.

Nothing is changed where the items cannot be believed: more records missing than \`mostPercent\`, or more changed than
\`mostChangedPercent\` (\`SYNC_TOO_DIFFERENT\`), another number of items than announced or fewer than the least
(\`SYNC_INCOMPLETE\`), items without an id where records can be missing (\`SYNC_ID_MISSING\`), or a list that breaks off
(\`SYNC_INPUT_BROKEN\`).

Emits \`{ received, created, changed, unchanged, left, missing, deactivated, invalid, problems }\`; of the problems the first 100,
each with the item’s place, id, code, pointer and message. Where changes are listed, \`changes.first\` holds the first 100 by id,
as \`{ id, change, before, after }\`, and \`changes.all\` is a file with all of them, one a line; \`change\` is \`changed\` or
\`missing\`. Either the list is whole or nothing is changed.`,
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
          left: 0,
          missing: 1,
          deactivated: 1,
          invalid: 0,
          problems: [],
        },
      },
    },
    {
      title: 'Stock levels of a list; what is reserved stays, and a level that is newer than the list is left alone',
      config: {
        type: 'stock',
        items: '{% levels %}',
        idField: 'sku',
        map: { expression: '{ "sku": sku, "quantity": qty }' },
        keepOthers: { initial: { reserved: 0 } },
        onChange: { as_of: '{% at %}' },
        onlyWhere: [{ field: 'as_of', until: '{% at %}' }],
        listChanges: true,
      },
      input: {
        at: '2026-03-02T03:00:00Z',
        levels: [
          { sku: 'A', qty: 4 },
          { sku: 'B', qty: 5 },
        ],
      },
      records: [
        { type: 'stock', id: 'A', data: { sku: 'A', quantity: 7, reserved: 2, as_of: '2026-03-01T18:00:00Z' } },
        { type: 'stock', id: 'B', data: { sku: 'B', quantity: 6, reserved: 0, as_of: '2026-03-02T04:00:30+01:00' } },
      ],
      expect: {
        port: 'out',
        data: {
          received: 2,
          created: 0,
          changed: 1,
          unchanged: 0,
          left: 1,
          missing: 0,
          deactivated: 0,
          invalid: 0,
          problems: [],
          changes: {
            first: [
              {
                id: 'A',
                change: 'changed',
                before: { sku: 'A', quantity: 7, reserved: 2, as_of: '2026-03-01T18:00:00Z' },
                after: { sku: 'A', quantity: 4, reserved: 2, as_of: '2026-03-02T03:00:00Z' },
              },
            ],
            all: '*',
          },
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
  async run(input, config, ctx) {
    const source = itemsIn((config.items ?? input) as Json, ctx.blobs);
    const items = readItems(whole(source, ctx.signal), config, ctx.evaluate);
    const report = await ctx.recordSets.sync(items, syncOf(config, ctx));
    return emit('out', report as unknown as JsonObject);
  },
});

function syncOf(
  config: SyncConfig,
  { blobs, idempotencyKey }: Pick<NodeContext, 'blobs' | 'idempotencyKey'>,
): RecordSync {
  const { type, keepOthers, onChange, onlyWhere, missing, onInvalid = 'skip' } = config;
  const { expectedCount, leastCount, mostChangedPercent } = config;
  return {
    type,
    onInvalid,
    key: idempotencyKey(),
    ...(keepOthers && { keepOthers: { initial: (keepOthers.initial ?? {}) as JsonObject } }),
    ...(onChange && { onChange: onChange as JsonObject }),
    ...(onlyWhere && { onlyWhere: conditionsOf(onlyWhere, 'onlyWhere') }),
    ...(missing && { missing: missingOf(missing) }),
    ...(expectedCount !== undefined && { expectedCount }),
    ...(leastCount !== undefined && { leastCount }),
    ...(mostChangedPercent !== undefined && { mostChangedPercent }),
    ...(config.listChanges && { listChanges: (changes) => listChanges(changes, blobs) }),
  };
}

function missingOf({ set, mostPercent = 10, ...states }: NonNullable<SyncConfig['missing']>): MissingRecords {
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
