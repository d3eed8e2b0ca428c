import { AnyJson, defineNode, emit } from '@millrace/contract';
import { accessOf, type ExchangeConfig, exchangeError, withFileExchange } from '@millrace/file-exchange';
import Type from 'typebox';
import { connectionType, FolderField, inFolder, NameField, pathOfNamed } from '../file/fields.ts';

const Config = Type.Object(
  {
    folder: FolderField('Folder', inFolder),
    name: NameField('Name', 'Name of the file.', '{% name %}'),
  },
  { additionalProperties: false },
);

export const deleteFile = defineNode<typeof Config, ExchangeConfig>({
  id: 'files/delete',
  version: 1,
  title: 'Delete file',
  summary: 'Deletes a file from a folder or SFTP folder.',
  docs: 'A file that is not there counts as deleted. Links, pipes and folders are refused with `NOT_A_FILE`.',
  icon: 'file-x',
  connection: connectionType,
  config: Config,
  input: AnyJson,
  outputs: {
    out: Type.Object({ deleted: Type.Boolean({ description: 'False where there was no such file.' }) }),
  },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'A file is deleted',
      config: { folder: 'samples', name: 'stock.csv' },
      input: {},
      expect: { port: 'out', data: { deleted: true } },
    },
    {
      title: 'A file that is gone is no error',
      config: { name: 'nothing.csv' },
      input: {},
      expect: { port: 'out', data: { deleted: false } },
    },
  ],
  async run(_input, { folder, name }, ctx) {
    return await withFileExchange(ctx.connection.config, accessOf(ctx), async (exchange) => {
      const path = await pathOfNamed(exchange, folder, name);
      const entry = await exchange.look(path);
      if (!entry) return emit('out', { deleted: false });
      if (entry.kind !== 'file') throw exchangeError('not-a-file', exchange.pathOf(path));
      await exchange.remove(path);
      return emit('out', { deleted: true });
    });
  },
});
