import { AnyJson, defineNode, emit } from '@millrace/contract';
import { accessOf, type ExchangeConfig, exchangeError, withFileExchange } from '@millrace/file-exchange';
import Type from 'typebox';
import {
  connectionType,
  contentFields,
  contentOutputs,
  FolderField,
  inFolder,
  intakeOf,
  NameField,
  pathOfNamed,
} from '../file/fields.ts';
import { takeIn } from '../file/take-in.ts';

const Config = Type.Object(
  {
    folder: FolderField('Folder', inFolder),
    name: NameField('Name', 'Name of the file.', "{% 'invoice_' & invoice_no & '.pdf' %}"),
    ...contentFields,
  },
  { additionalProperties: false },
);

export const get = defineNode<typeof Config, ExchangeConfig>({
  id: 'files/get',
  version: 1,
  title: 'Get file',
  summary: 'Reads a file from a folder or SFTP folder.',
  docs: `The file stays where it is. One that is not there fails with \`FILE_MISSING\`, a link, pipe or folder with
\`NOT_A_FILE\`, one that is changed while it is read with \`FILE_CHANGED\`, which is tried again.`,
  icon: 'file-import',
  connection: connectionType,
  config: Config,
  input: AnyJson,
  outputs: {
    out: Type.Object({
      name: Type.String(),
      path: Type.String({ description: 'On this machine or on the SFTP server.' }),
      size: Type.Integer({ description: 'Bytes.' }),
      sha256: Type.String({ description: 'SHA-256 of the bytes, hexadecimal.' }),
      modifiedAt: Type.String({
        description: 'Last change, ISO 8601, by the clock of the machine that holds the file.',
      }),
      ...contentOutputs,
    }),
  },
  effect: 'read',
  examples: [
    {
      title: 'A text file',
      config: { folder: 'samples', name: '{% file %}', as: 'text' },
      input: { file: 'stock.csv' },
      expect: {
        port: 'out',
        data: {
          name: 'stock.csv',
          path: '*',
          size: 20,
          sha256: '*',
          modifiedAt: '*',
          text: 'sku;quantity\nA-1;40\n',
        },
      },
    },
    {
      title: 'A file that is not there',
      config: { name: 'nothing.csv' },
      input: {},
      expect: { error: 'FILE_MISSING' },
    },
  ],
  async run(_input, { folder, name, ...content }, ctx) {
    return await withFileExchange(ctx.connection.config, accessOf(ctx), async (exchange) => {
      const path = await pathOfNamed(exchange, folder, name);
      const entry = await exchange.look(path);
      if (!entry) throw exchangeError('file-missing', exchange.pathOf(path));
      if (entry.kind !== 'file') throw exchangeError('not-a-file', exchange.pathOf(path));
      const taken = await takeIn(exchange, { path, name, size: entry.size }, intakeOf(content), ctx);
      const modifiedAt = new Date(entry.modifiedMs).toISOString();
      const { size, sha256 } = taken;
      return emit('out', { name, path: exchange.pathOf(path), size, sha256, modifiedAt, ...taken.content });
    });
  },
});
