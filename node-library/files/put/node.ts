import { AnyJson, defineNode, Expression, emit, type Json, type NodeContext } from '@millrace/contract';
import {
  accessOf,
  clearTemporaries,
  confinedFolder,
  confinedName,
  type ExchangeConfig,
  type FileExchange,
  type IfExists,
  isTrouble,
  measured,
  numberedNames,
  spelledPath,
  temporaryNameOf,
  withFileExchange,
  within,
} from '@millrace/file-exchange';
import Type from 'typebox';
import { connectionType, FolderField, IfExistsField, inFolder, NameField } from '../file/fields.ts';
import { type Document, documentOf, holds } from './document.ts';

const Config = Type.Object(
  {
    folder: FolderField('Folder', `${inFolder} It is made where it does not exist.`),
    name: NameField(
      'Name',
      'Derived from the data, so that a retry writes the same file.',
      "{% 'stock_' & warehouse & '.csv' %}",
    ),
    content: Type.Optional(
      Expression(
        Type.Unknown({
          title: 'Content',
          description:
            'A file by reference is written as it is, a text as text (UTF-8), anything else as JSON. Left empty: the whole input.',
          examples: ['{% csv %}'],
        }),
      ),
    ),
    ifExists: IfExistsField('replace'),
  },
  { additionalProperties: false },
);

const Written = Type.Object({
  path: Type.String({ description: 'Path of the file as written, on this machine or on the SFTP server.' }),
  name: Type.String({ description: 'With its number, where it got one.' }),
  size: Type.Integer({ description: 'Bytes.' }),
  sha256: Type.String({ description: 'SHA-256 of the bytes, hexadecimal.' }),
  alreadyWritten: Type.Boolean({ description: 'On a repeat: the attempt before had written the file.' }),
});

/** FAT keeps a file's time to two seconds. */
const coarsestClockMs = 2000;

type Context = NodeContext<ExchangeConfig>;

/** A file to write and where to. */
interface Writing {
  readonly exchange: FileExchange;
  readonly folder: string;
  readonly name: string;
  readonly document: Document;
  readonly ctx: Context;
}

interface Outcome {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly alreadyWritten: boolean;
}

export const put = defineNode<typeof Config, ExchangeConfig>({
  id: 'files/put',
  version: 1,
  title: 'Put file',
  summary: 'Writes a file into a folder or SFTP folder.',
  docs: `The file appears under its name only when it is whole: it is written under a temporary name, flushed to disk and
renamed. A retry does not write a second file: with “refuse” and “number” it looks first whether the file is there with
the same content. A name that would leave the folder, or that some systems cannot keep (\`..\`, \`\\\`, a leading dot, \`CON\`),
fails with \`INVALID_FILE_NAME\`.`,
  icon: 'file-export',
  connection: connectionType,
  config: Config,
  input: AnyJson,
  outputs: { out: Written },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'Stock levels as a text file',
      config: { folder: 'outgoing', name: "{% 'stock_' & warehouse & '.csv' %}", content: '{% csv %}' },
      input: { warehouse: 'north', csv: 'sku;quantity\nA-1;40\n' },
      expect: {
        port: 'out',
        data: { path: '*', name: 'stock_north.csv', size: 20, sha256: '*', alreadyWritten: false },
      },
    },
    {
      title: 'A file that is there already gets company, not a successor',
      config: { folder: 'samples', name: 'stock.csv', content: 'sku;quantity\n', ifExists: 'number' },
      input: {},
      expect: {
        port: 'out',
        data: { path: '*', name: 'stock.1.csv', size: 13, sha256: '*', alreadyWritten: false },
      },
    },
    {
      title: 'A name that would leave the folder is refused',
      config: { name: '../order.json' },
      input: {},
      expect: { error: 'INVALID_FILE_NAME' },
    },
  ],
  async run(input, { folder = '', name, content, ifExists = 'replace' }, ctx) {
    const place = { folder: confinedFolder(folder), name: confinedName(name, '/name') };
    const document = documentOf(content === undefined ? input : (content as Json), ctx.blobs);
    const outcome = await withFileExchange(ctx.connection.config, accessOf(ctx), async (exchange) => {
      const writing = { ...place, exchange, document, ctx };
      await prepare(writing);
      return ifExists === 'number' ? await writeNumbered(writing) : await writeNamed(writing, ifExists);
    });
    return emit('out', { ...outcome, name: outcome.path.slice(outcome.path.lastIndexOf('/') + 1) });
  },
});

async function prepare({ exchange, folder, name, ctx }: Writing): Promise<void> {
  await exchange.ensureFolder(folder);
  if (ctx.repeated) await clearTemporaries(exchange, folder, name, ctx.idempotencyKey());
}

async function writeNamed(writing: Writing, ifExists: IfExists): Promise<Outcome> {
  const { exchange, folder, name, document, ctx } = writing;
  const path = await spelledPath(exchange, folder, name);
  if (ctx.repeated && ifExists === 'refuse' && (await holds(exchange, path, document))) return found(writing, path);
  return await write(writing, path, ifExists);
}

/** Under the first name that is free; on a repeat the file may be there under a later one. */
async function writeNumbered(writing: Writing): Promise<Outcome> {
  const { exchange, folder, name } = writing;
  for (const candidate of numberedNames(name)) {
    const path = await spelledPath(exchange, folder, candidate);
    if (await exchange.look(path)) {
      if (await wasWritten(writing, path)) return found(writing, path);
      continue;
    }
    const outcome = await write(writing, path, 'refuse').catch(unlessTaken);
    if (outcome) return outcome;
  }
  throw new Error('There is no end of numbered names.');
}

/** A file of the same content that lay there before this step began is somebody else's, where its age can be told. */
async function wasWritten({ exchange, document, ctx }: Writing, path: string): Promise<boolean> {
  if (!ctx.repeated) return false;
  const entry = await exchange.look(path);
  if (exchange.sharesClock && entry && entry.modifiedMs < ctx.now.getTime() - coarsestClockMs) return false;
  return await holds(exchange, path, document);
}

async function write({ exchange, folder, name, document, ctx }: Writing, path: string, ifExists: IfExists) {
  const temporary = within(folder, temporaryNameOf(name, ctx.idempotencyKey()));
  const { content, result } = measured(document.open());
  await exchange.write(path, temporary, content, ifExists);
  return { path: exchange.pathOf(path), ...result(), alreadyWritten: false };
}

function found({ exchange, document: { size, sha256 } }: Writing, path: string): Outcome {
  return { path: exchange.pathOf(path), size, sha256, alreadyWritten: true };
}

function unlessTaken(error: unknown): undefined {
  if (!isTrouble(error, 'exists')) throw error;
}
