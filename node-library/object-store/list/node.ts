import { AnyJson, type Blobs, defineNode, Expression, emit, type JsonObject } from '@millrace/contract';
import type { ListedObject } from '@millrace/object-storage';
import Type from 'typebox';
import type { StoreConfig } from '../store/config.ts';
import { storeOf } from '../store/open.ts';

const ListConfig = Type.Object(
  {
    prefix: Type.Optional(
      Expression(
        Type.String({
          title: 'Prefix',
          description: 'What the keys begin with; left out, every object is listed.',
          maxLength: 1024,
          examples: ['exports/2026/'],
        }),
      ),
    ),
    after: Type.Optional(
      Expression(
        Type.String({
          title: 'After',
          description: 'Only keys behind this one: the `next` of the page before.',
          maxLength: 1024,
          examples: ['{% next %}'],
        }),
      ),
    ),
    as: Type.Optional(
      Type.Enum(['page', 'file'], {
        title: 'As',
        description: 'A page of at most so many objects in the data, or all of them as a list in a file of the run.',
        default: 'page',
        examples: ['file'],
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        title: 'Page size',
        description: 'Objects in a page at most.',
        minimum: 1,
        maximum: 10_000,
        default: 1000,
        examples: [100],
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineNode<typeof ListConfig, StoreConfig>({
  id: 'object-store/list',
  version: 1,
  title: 'List object store',
  summary: 'Lists objects by the beginning of their keys, in the order of the keys.',
  docs: `As a file the list may be of any length; a for-each goes through it without holding it all. In a folder, files
whose names are no keys, and symbolic links, are left out.`,
  icon: 'list',
  connection: 'object-store/store',
  config: ListConfig,
  input: AnyJson,
  outputs: {
    out: Type.Object({
      objects: Type.Unknown({ description: 'Key, size in bytes and time of change of each, or the file with all.' }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'The `after` of the following page; null where this is the last.',
      }),
    }),
  },
  effect: 'read',
  examples: [
    {
      title: 'There are no exports yet',
      config: { prefix: 'exports/' },
      input: null,
      expect: { port: 'out', data: { objects: [], next: null } },
    },
  ],
  async run(_input, { prefix = '', after = '', as, limit = 1000 }, ctx) {
    const listed = storeOf(ctx).list({ prefix, after });
    return emit('out', as === 'file' ? await asFile(listed, ctx.blobs) : await asPage(listed, limit));
  },
});

async function asFile(listed: AsyncIterable<ListedObject>, blobs: Blobs): Promise<JsonObject> {
  return { objects: { ...(await blobs.writeLines(entries(listed), { name: 'objects.jsonl' })) }, next: null };
}

/** One more than the page is looked for, to know whether there is another. */
async function asPage(listed: AsyncIterable<ListedObject>, limit: number): Promise<JsonObject> {
  const objects: JsonObject[] = [];
  for await (const entry of entries(listed)) {
    if (objects.length === limit) return { objects, next: objects.at(-1)?.key ?? null };
    objects.push(entry);
  }
  return { objects, next: null };
}

async function* entries(listed: AsyncIterable<ListedObject>): AsyncGenerator<JsonObject> {
  for await (const { key, size, modifiedAt } of listed) yield { key, size, modifiedAt: modifiedAt.toISOString() };
}
