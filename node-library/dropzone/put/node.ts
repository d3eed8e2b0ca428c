import { createHash } from 'node:crypto';
import { AnyJson, defineNode, Expression, emit, type Json, type NodeContext, writeJson } from '@millrace/contract';
import {
  accessOf,
  clearTemporaries,
  confinedName,
  contentOf,
  type FileExchange,
  temporaryNameOf,
  within,
} from '@millrace/file-exchange';
import Type, { type Static } from 'typebox';
import type { DropzoneConfig } from '../connection/config.ts';
import { outFolderOf, withDropzone } from '../exchange/open.ts';
import { wasDelivered } from './delivered.ts';

const Config = Type.Object(
  {
    fileName: Expression(
      Type.String({
        title: 'File name',
        description:
          'Derived from the document, so that a retry writes the same file: sales_order_<id>_<timestamp>.json.',
        minLength: 1,
        examples: ["{% 'sales_order_' & draft_order_id & '_' & $replace(approved_at, /[-:]/, '') & '.json' %}"],
      }),
    ),
    body: Type.Optional(
      Expression(Type.Unknown({ title: 'Document', description: 'Written as JSON. Left empty: the whole input.' })),
    ),
  },
  { additionalProperties: false },
);

const Delivered = Type.Object({
  path: Type.String({ description: 'Path of the file as written, on this machine or on the SFTP server.' }),
  fileName: Type.String(),
  size: Type.Integer({ description: 'Bytes.' }),
  sha256: Type.String({ description: 'SHA-256 of the bytes, hexadecimal.' }),
  alreadyDelivered: Type.Boolean({
    description: 'On a repeat: the other system had already taken or answered the file, and nothing was written.',
  }),
});

type Context = NodeContext<DropzoneConfig>;

export const put = defineNode<typeof Config, DropzoneConfig>({
  id: 'dropzone/put',
  version: 1,
  title: 'Put into dropzone',
  summary: 'Writes a JSON file into a folder or SFTP folder shared with another system.',
  docs: `The file appears under its name only when it is whole: it is written under a temporary name, flushed to disk and
renamed. A retry overwrites the file while it lies there unread; when it is in \`archive/\`, or an ack for it exists, the
retry reports \`alreadyDelivered\` and writes nothing.`,
  icon: 'file-export',
  connection: 'dropzone/folder-or-sftp',
  config: Config,
  input: AnyJson,
  outputs: { out: Delivered },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'An order into the dropzone',
      config: { fileName: 'sales_order_4711_20251227T100000Z.json' },
      input: { draft_order_id: '4711', lines: [] },
      expect: {
        port: 'out',
        data: {
          path: '*',
          fileName: 'sales_order_4711_20251227T100000Z.json',
          size: 46,
          sha256: '*',
          alreadyDelivered: false,
        },
      },
    },
    {
      title: 'A name that would leave the dropzone is refused',
      config: { fileName: '../order.json' },
      input: {},
      expect: { error: 'INVALID_FILE_NAME' },
    },
  ],
  async run(input, config, ctx) {
    const fileName = confinedName(config.fileName);
    const bytes = documentOf(input, config);
    const delivery = await withDropzone(ctx.connection.config, accessOf(ctx), (dropzone) =>
      deliver(dropzone, fileName, bytes, ctx),
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return emit('out', { ...delivery, fileName, size: bytes.length, sha256 });
  },
});

function documentOf(input: Json, { body }: Static<typeof Config>): Buffer {
  return Buffer.from(`${writeJson(body === undefined ? input : (body as Json), 2)}\n`);
}

async function deliver(dropzone: FileExchange, fileName: string, bytes: Buffer, ctx: Context) {
  const folder = await outFolderOf(dropzone, ctx.connection.config);
  const target = within(folder, fileName);
  const path = dropzone.pathOf(target);
  const key = ctx.idempotencyKey();
  if (ctx.repeated) {
    await clearTemporaries(dropzone, folder, fileName, key);
    if (await wasDelivered(dropzone, fileName)) return { path, alreadyDelivered: true };
  }
  const temporary = within(folder, temporaryNameOf(fileName, key));
  await dropzone.write(target, temporary, contentOf(bytes), 'replace');
  return { path, alreadyDelivered: false };
}
