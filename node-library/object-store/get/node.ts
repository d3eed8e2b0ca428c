import { AnyJson, defineNode, emit, type Json, MillraceError, type NodeContext } from '@millrace/contract';
import { readJsonOfAnySize } from '@millrace/document-thread';
import type { ObjectContent } from '@millrace/object-storage';
import Type, { type Static } from 'typebox';
import type { StoreConfig } from '../store/config.ts';
import { Key } from '../store/key-field.ts';
import { storeOf } from '../store/open.ts';

const mebibyte = 1024 * 1024;

const GetConfig = Type.Object(
  {
    key: Key('Name of the object.', '{% "exports/" & draft_order_id & ".json" %}'),
    as: Type.Optional(
      Type.Enum(['json', 'text', 'file'], {
        title: 'As',
        description:
          'JSON data, UTF-8 text, or a file of the run, which may be of any size and is not read into the data.',
        default: 'json',
        examples: ['file'],
      }),
    ),
    maxBytes: Type.Optional(
      Type.Integer({
        title: 'Largest size',
        description: 'Bytes up to which an object is read as JSON or text; a larger one fails with OBJECT_TOO_LARGE.',
        minimum: 1,
        maximum: 100 * mebibyte,
        default: 10 * mebibyte,
        examples: [mebibyte],
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineNode<typeof GetConfig, StoreConfig>({
  id: 'object-store/get',
  version: 1,
  title: 'Get from object store',
  summary: 'Reads the object under a key.',
  docs: `An object that is not there fails with \`OBJECT_NOT_FOUND\`, one that is no JSON or no UTF-8 text with
\`OBJECT_UNREADABLE\`. In a bucket, objects are found under exactly the key that they have, whoever put them there.`,
  icon: 'bucket',
  connection: 'object-store/store',
  config: GetConfig,
  input: AnyJson,
  outputs: {
    out: Type.Object({
      key: Type.String({ description: 'The key that was asked for.' }),
      size: Type.Integer({ description: 'Bytes.' }),
      body: Type.Unknown({ description: 'The data, the text, or the file.' }),
    }),
  },
  effect: 'read',
  examples: [
    {
      title: 'An object that is not there',
      config: { key: '{% "exports/" & draft_order_id & ".json" %}' },
      input: { draft_order_id: 'D-1001' },
      expect: { error: 'OBJECT_NOT_FOUND' },
    },
  ],
  async run(_input, config, ctx) {
    const { key } = config;
    const found = await storeOf(ctx).get(key);
    try {
      const { size, body } = config.as === 'file' ? await asFile(key, found, ctx) : await asData(found, config, ctx);
      return emit('out', { key, size, body });
    } finally {
      found.content.destroy();
    }
  },
});

interface Got {
  readonly size: number;
  readonly body: Json;
}

async function asFile(
  key: string,
  { content, contentType = 'application/octet-stream', size }: ObjectContent,
  { blobs }: Pick<NodeContext, 'blobs'>,
): Promise<Got> {
  const name = key.split('/').findLast(Boolean) ?? key;
  const file = await blobs.write(content, { name, mediaType: contentType, bytes: size });
  return { size: file.bytes, body: { ...file } };
}

async function asData(
  { content }: ObjectContent,
  { as = 'json', maxBytes = 10 * mebibyte }: Static<typeof GetConfig>,
  { tenant }: Pick<NodeContext, 'tenant'>,
): Promise<Got> {
  const bytes = await upTo(maxBytes, content);
  return { size: bytes.length, body: await readable(bytes, as, tenant.slug) };
}

/** The size that a store tells of beforehand need not be what comes. */
async function upTo(maxBytes: number, content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > maxBytes)
      throw new MillraceError(
        'OBJECT_TOO_LARGE',
        `The object is larger than the ${maxBytes} bytes that may be read into the data; get it as a file.`,
        { pointer: '/maxBytes' },
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A byte order mark is left out. */
async function readable(bytes: Buffer, as: string, tenant: string): Promise<Json> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return as === 'json' ? await readJsonOfAnySize(text, tenant) : text;
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    const what = as === 'json' ? 'JSON' : 'UTF-8 text';
    throw new MillraceError('OBJECT_UNREADABLE', `The object is not ${what}.`, { pointer: '/as', cause });
  }
}
