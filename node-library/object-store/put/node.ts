import { createHash } from 'node:crypto';
import { AnyJson, defineNode, Expression, emit, type Json, MillraceError, writeJson } from '@millrace/contract';
import Type from 'typebox';
import type { StoreConfig } from '../store/connection.ts';
import { folderStore } from '../store/folder-store.ts';

const PutConfig = Type.Object(
  {
    key: Expression(
      Type.String({
        title: 'Key',
        description: 'Name of the object, with slashes for folders. The same key is the same object.',
        minLength: 1,
        maxLength: 1024,
        examples: ['{% "exports/" & draft_order_id & ".json" %}'],
      }),
    ),
    body: Type.Optional(
      Expression(
        Type.Unknown({
          title: 'Body',
          description: 'What is kept; the whole input where left out.',
          examples: ['{% document %}'],
        }),
      ),
    ),
    contentType: Type.Optional(
      Type.String({
        title: 'Content type',
        description: 'JSON types are written as JSON; for any other the body must be text, and is written as it is.',
        pattern: '^[\\w.+-]+/[\\w.+-]+$',
        maxLength: 100,
        default: 'application/json',
        examples: ['application/json', 'text/csv'],
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineNode<typeof PutConfig, StoreConfig>({
  id: 'object-store/put',
  version: 1,
  title: 'Put into object store',
  summary: 'Keeps a document under a key, whole or not at all.',
  docs: `A key may be put again: the object is replaced. A key that would leave the store, or that some systems cannot keep
as a file name (\`..\`, a leading slash, \`\\\`, control characters, \`CON\`), fails with \`OBJECT_KEY_INVALID\`. A store that
is full or out of reach is tried again.`,
  icon: 'bucket',
  connection: 'object-store/store',
  config: PutConfig,
  input: AnyJson,
  outputs: {
    out: Type.Object({
      key: Type.String({ description: 'As kept: in Unicode normal form C.' }),
      size: Type.Integer({ description: 'Bytes.' }),
      sha256: Type.String({ description: 'Hexadecimal SHA-256 of the bytes.' }),
    }),
  },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'An export document is kept under its order',
      config: { key: '{% "exports/" & draft_order_id & ".json" %}' },
      input: { draft_order_id: 'D-1001', lines: [] },
      expect: { port: 'out', data: { key: 'exports/D-1001.json', size: 38, sha256: '*' } },
    },
    {
      title: 'Text is kept as it is',
      config: { key: 'stock/latest.csv', body: '{% csv %}', contentType: 'text/csv' },
      input: { csv: 'sku;quantity\nA-1;40\n' },
      expect: { port: 'out', data: { key: 'stock/latest.csv', size: 20, sha256: '*' } },
    },
    {
      title: 'A key cannot leave the store',
      config: { key: '{% "exports/" & draft_order_id %}' },
      input: { draft_order_id: '../../etc/passwd' },
      expect: { error: 'OBJECT_KEY_INVALID' },
    },
  ],
  async run(input, { key, body, contentType = 'application/json' }, ctx) {
    const bytes = Buffer.from(textOf(body === undefined ? input : (body as Json), contentType));
    await folderStore(ctx.connection.config.folder).put(key, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return emit('out', { key: key.normalize('NFC'), size: bytes.length, sha256 });
  },
});

function textOf(body: Json, contentType: string): string {
  if (/[/+]json$/i.test(contentType)) return writeJson(body);
  if (typeof body === 'string') return body;
  throw new MillraceError('OBJECT_BODY_INVALID', `The body is no text, and ${contentType} is not written as JSON.`, {
    pointer: '/body',
  });
}
