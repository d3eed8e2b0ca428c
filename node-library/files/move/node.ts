import { AnyJson, defineNode, emit } from '@millrace/contract';
import {
  accessOf,
  confinedFolder,
  confinedName,
  type ExchangeConfig,
  exchangeError,
  type FileExchange,
  isTrouble,
  numberedNames,
  spelledPath,
  withFileExchange,
} from '@millrace/file-exchange';
import Type from 'typebox';
import { connectionType, FolderField, IfExistsField, inFolder, NameField, pathOfNamed } from '../file/fields.ts';

const Config = Type.Object(
  {
    folder: FolderField('Folder', inFolder),
    name: NameField('Name', 'Name of the file.', '{% name %}'),
    toFolder: FolderField('New folder', `${inFolder} It is made where it does not exist.`),
    toName: Type.Optional(NameField('New name', 'Left empty: the name it has.', "{% 'done_' & name %}")),
    ifExists: IfExistsField('refuse'),
  },
  { additionalProperties: false },
);

export const move = defineNode<typeof Config, ExchangeConfig>({
  id: 'files/move',
  version: 1,
  title: 'Move file',
  summary: 'Moves or renames a file within a folder or SFTP folder.',
  docs: `What is done already counts as done: where the file is gone and one lies under the new name, the step reports
\`alreadyMoved\`. Where neither is there it fails with \`FILE_MISSING\`.`,
  icon: 'file-arrow-right',
  connection: connectionType,
  config: Config,
  input: AnyJson,
  outputs: {
    out: Type.Object({
      path: Type.String({ description: 'Where the file lies now.' }),
      alreadyMoved: Type.Boolean({ description: 'It had been moved before.' }),
    }),
  },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'A processed file into another folder',
      config: { folder: 'samples', name: 'stock.csv', toFolder: 'done' },
      input: {},
      expect: { port: 'out', data: { path: '*', alreadyMoved: false } },
    },
    {
      title: 'A file that is not there',
      config: { name: 'nothing.csv', toFolder: 'done' },
      input: {},
      expect: { error: 'FILE_MISSING' },
    },
  ],
  async run(_input, { folder, name, toFolder = '', toName = name, ifExists = 'refuse' }, ctx) {
    const target = { folder: confinedFolder(toFolder, '/toFolder'), name: confinedName(toName, '/toName') };
    return await withFileExchange(ctx.connection.config, accessOf(ctx), async (exchange) => {
      const from = await pathOfNamed(exchange, folder, name);
      const to = await spelledPath(exchange, target.folder, target.name);
      if (!(await exchange.look(from))) {
        if ((await exchange.look(to))?.kind !== 'file') throw exchangeError('file-missing', exchange.pathOf(from));
        return emit('out', { path: exchange.pathOf(to), alreadyMoved: true });
      }
      await requireFile(exchange, from);
      await exchange.ensureFolder(target.folder);
      const path = from === to ? to : await moved(exchange, from, { ...target, path: to }, ifExists);
      return emit('out', { path: exchange.pathOf(path), alreadyMoved: from === to });
    });
  },
});

async function requireFile(exchange: FileExchange, path: string): Promise<void> {
  const entry = await exchange.look(path);
  if (entry && entry.kind !== 'file') throw exchangeError('not-a-file', exchange.pathOf(path));
}

interface Target {
  readonly folder: string;
  readonly name: string;
  readonly path: string;
}

/** The path that the file has in the end. */
async function moved(
  exchange: FileExchange,
  from: string,
  to: Target,
  ifExists: 'replace' | 'refuse' | 'number',
): Promise<string> {
  if (ifExists === 'number') return await movedNumbered(exchange, from, to);
  await (ifExists === 'replace' ? exchange.rename(from, to.path) : exchange.move(from, to.path));
  return to.path;
}

async function movedNumbered(exchange: FileExchange, from: string, { folder, name }: Target): Promise<string> {
  for (const candidate of numberedNames(name)) {
    const path = await spelledPath(exchange, folder, candidate);
    try {
      await exchange.move(from, path);
      return path;
    } catch (error) {
      if (!isTrouble(error, 'exists')) throw error;
    }
  }
  throw new Error('There is no end of numbered names.');
}
