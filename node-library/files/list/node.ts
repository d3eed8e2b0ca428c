import { AnyJson, defineNode, Expression, emit } from '@millrace/contract';
import {
  accessOf,
  confinedFolder,
  type Entry,
  type ExchangeConfig,
  exchangeError,
  fitsGlob,
  withFileExchange,
} from '@millrace/file-exchange';
import Type from 'typebox';
import { connectionType, FolderField, inFolder } from '../file/fields.ts';

const Config = Type.Object(
  {
    folder: FolderField('Folder', inFolder),
    pattern: Type.Optional(
      Expression(
        Type.String({
          title: 'Pattern',
          description: 'Which names: * stands for any characters, ? for one. Upper and lower case are the same.',
          default: '*',
          minLength: 1,
          maxLength: 200,
          examples: ['stock_*.csv'],
        }),
      ),
    ),
    most: Type.Optional(
      Type.Integer({
        title: 'At most',
        description: 'Files that are listed; “more” tells whether there are others.',
        minimum: 1,
        maximum: 10_000,
        default: 1000,
        examples: [100],
      }),
    ),
  },
  { additionalProperties: false },
);

export const list = defineNode<typeof Config, ExchangeConfig>({
  id: 'files/list',
  version: 1,
  title: 'List files',
  summary: 'Lists the files of a folder or SFTP folder by name.',
  docs: 'Folders, links, pipes and hidden files (names that begin with a dot) are left out.',
  icon: 'files',
  connection: connectionType,
  config: Config,
  input: AnyJson,
  outputs: {
    out: Type.Object({
      files: Type.Array(
        Type.Object({
          name: Type.String(),
          size: Type.Integer({ description: 'Bytes.' }),
          modifiedAt: Type.String({ description: 'ISO 8601, by the clock of the machine that holds the file.' }),
        }),
      ),
      more: Type.Boolean({ description: 'There are more files than were asked for.' }),
    }),
  },
  effect: 'read',
  examples: [
    {
      title: 'Stock files',
      config: { folder: 'samples', pattern: 'stock*.csv' },
      input: {},
      expect: { port: 'out', data: { files: [{ name: 'stock.csv', size: 20, modifiedAt: '*' }], more: false } },
    },
    {
      title: 'A folder that does not exist',
      config: { folder: 'nowhere' },
      input: {},
      expect: { error: 'FOLDER_MISSING' },
    },
  ],
  async run(_input, { folder = '', pattern = '*', most = 1000 }, ctx) {
    const place = confinedFolder(folder);
    return await withFileExchange(ctx.connection.config, accessOf(ctx), async (exchange) => {
      const entries = await exchange.list(place);
      if (!entries) throw exchangeError('folder-missing', exchange.pathOf(place));
      const fitting = entries.filter((entry) => isVisibleFile(entry) && fitsGlob(pattern, entry.name)).sort(byName);
      return emit('out', { files: fitting.slice(0, most).map(described), more: fitting.length > most });
    });
  },
});

function isVisibleFile({ kind, name }: Entry): boolean {
  return kind === 'file' && !name.startsWith('.');
}

function byName(a: Entry, b: Entry): number {
  return a.name < b.name ? -1 : 1;
}

function described({ name, size, modifiedMs }: Entry) {
  return { name, size, modifiedAt: new Date(modifiedMs).toISOString() };
}
