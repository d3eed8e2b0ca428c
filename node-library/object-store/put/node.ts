import { AnyJson, defineNode, Expression, emit, type Json, MillraceError } from '@millrace/contract';
import type { ObjectStorage } from '@millrace/object-storage';
import Type from 'typebox';
import type { StoreConfig } from '../store/config.ts';
import { Key } from '../store/key-field.ts';
import { storeOf } from '../store/open.ts';
import { contentOf, Measure } from './content.ts';

const PutConfig = Type.Object(
  {
    key: Key(
      'Name of the object, with slashes for folders. The same key is the same object.',
      '{% "exports/" & draft_order_id & ".json" %}',
    ),
    body: Type.Optional(
      Expression(
        Type.Unknown({
          title: 'Body',
          description: 'What is kept; the whole input where left out. A file of the run is kept with its content.',
          examples: ['{% document %}'],
        }),
      ),
    ),
    contentType: Type.Optional(
      Type.String({
        title: 'Content type',
        description:
          'JSON types are written as JSON; for any other the body must be text, and is written as it is. Where left out: application/json, and for a file what it is.',
        pattern: '^[\\w.+-]+/[\\w.+-]+$',
        maxLength: 100,
        examples: ['application/json', 'text/csv'],
      }),
    ),
    ifExists: Type.Optional(
      Type.Enum(['replace', 'fail'], {
        title: 'If there is one already',
        description: 'Whether an object under the same key is replaced, or the step fails with OBJECT_EXISTS.',
        default: 'replace',
        examples: ['fail'],
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineNode<typeof PutConfig, StoreConfig>({
  id: 'object-store/put',
  version: 1,
  title: 'Put into object store',
  summary: 'Keeps a document or file under a key, whole or not at all.',
  docs: `A key that would leave the store, or that some systems cannot keep as a file name (\`..\`, a leading slash, \`\\\`,
control characters, \`CON\`), fails with \`OBJECT_KEY_INVALID\`. A store that is full or out of reach is tried again.

Where an existing object is not to be replaced, one that holds the very same bytes counts as put: the step may have been
performed before, without its outcome having become known. A folder does not keep content types.`,
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
  async run(input, { key, body, contentType, ifExists }, ctx) {
    const store = storeOf(ctx);
    const content = contentOf(body === undefined ? input : (body as Json), contentType, ctx.blobs);
    const measure = new Measure();
    const options = { contentType: content.contentType, ifAbsent: ifExists === 'fail' };
    const taken = await store.put(key, measure.of(content.bytes), options).catch(ifTaken);
    const { size, sha256 } = measure.total();
    if (taken && (await sha256Of(store, key)) !== sha256) throw taken;
    return emit('out', { key: key.normalize('NFC'), size, sha256 });
  },
});

function ifTaken(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError && thrown.code === 'OBJECT_EXISTS') return thrown;
  throw thrown;
}

async function sha256Of(store: ObjectStorage, key: string): Promise<string> {
  const measure = new Measure();
  const { content } = await store.get(key.normalize('NFC'));
  for await (const _chunk of measure.of(content));
  return measure.total().sha256;
}
