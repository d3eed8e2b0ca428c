import { Duration, dayIn, defineTrigger, durationMs } from '@millrace/contract';
import { accessOf, type ExchangeConfig, withFileExchange } from '@millrace/file-exchange';
import Type from 'typebox';
import { connectionType, contentFields, contentOutputs, intakeOf } from '../file/fields.ts';
import { foldersOf } from './folders.ts';
import { pollFolder } from './poll.ts';

const Config = Type.Object(
  {
    folder: Type.Optional(
      Type.String({
        title: 'Folder',
        description: 'Folder below the connection’s that is watched. Left empty: the connection’s own.',
        default: '',
        maxLength: 1000,
        examples: ['inbox'],
      }),
    ),
    pattern: Type.Optional(
      Type.String({
        title: 'Pattern',
        description: 'Which names: * stands for any characters, ? for one. Upper and lower case are the same.',
        default: '*',
        minLength: 1,
        maxLength: 200,
        examples: ['order_*.json'],
      }),
    ),
    ...contentFields,
    every: Type.Optional(
      Duration({
        title: 'Look every',
        description: 'Time between two looks, at least a second.',
        default: '10s',
        examples: ['1m'],
      }),
    ),
    quietFor: Type.Optional(
      Duration({
        title: 'Unchanged for',
        description: 'A file must look the same at two looks; with this it must have looked so for that long.',
        default: '0s',
        examples: ['30s'],
      }),
    ),
    most: Type.Optional(
      Type.Integer({
        title: 'Files at a look',
        description: 'How many files one look takes, the oldest first; the others wait for the next.',
        minimum: 1,
        maximum: 1000,
        default: 100,
        examples: [20],
      }),
    ),
    afterwards: Type.Optional(
      Type.Enum(['archive', 'delete'], {
        title: 'Afterwards',
        description: 'What becomes of a file whose run is durably stored: moved into “archive”, or deleted.',
        default: 'archive',
        examples: ['delete'],
      }),
    ),
    datedArchive: Type.Optional(
      Type.Boolean({
        title: 'Archive by day',
        description: 'The archive has a folder for each day (archive/2026-03-02), in the tenant’s time zone.',
        default: false,
        examples: [true],
      }),
    ),
  },
  { additionalProperties: false },
);

export const watch = defineTrigger<typeof Config, ExchangeConfig>({
  id: 'files/watch',
  version: 1,
  title: 'Watch folder',
  summary: 'Starts a run for each file that is put into a folder or SFTP folder.',
  docs: `A file is taken once it looks the same at two looks: it is moved to \`.millrace-processing\` in the watched folder,
read, and moved to \`archive\` when its run is durably stored. After a crash a file that lies in
\`.millrace-processing\` is taken up again, and the same content under the same name with the same time is the same event:
no second run. The same name with new content is a new run.

A file that cannot be taken (unreadable, too large, no JSON, refused by the flow) goes to \`error\`, with the reason beside
it in \`<name>.reason.json\`. Hidden files, names that end in \`.tmp\`, \`.part\`, \`.partial\`, \`.filepart\` or
\`.crdownload\`, links, pipes, folders and names with a backslash are left alone.

Two watches of one folder need patterns that have no file in common.`,
  icon: 'folder-search',
  connection: connectionType,
  config: Config,
  outputs: {
    out: Type.Object({
      name: Type.String({ description: 'In Unicode’s composed form.' }),
      folder: Type.String({ description: 'The watched folder, on this machine or on the SFTP server.' }),
      size: Type.Integer({ description: 'Bytes.' }),
      sha256: Type.String({ description: 'SHA-256 of the bytes, hexadecimal.' }),
      modifiedAt: Type.String({
        description: 'Last change, ISO 8601, by the clock of the machine that holds the file.',
      }),
      ...contentOutputs,
    }),
  },
  activation: ({ every = '10s' }) => ({ kind: 'source', everyMs: Math.max(1000, durationMs(every)) }),
  async poll(config, ctx) {
    const day = config.datedArchive ? dayIn(ctx.tenant.timeZone, ctx.now) : undefined;
    const folders = foldersOf(config.folder ?? '', day);
    const { pattern = '*', quietFor = '0s', most = 100, afterwards = 'archive' } = config;
    await withFileExchange(ctx.connection.config, accessOf(ctx), (exchange) =>
      pollFolder(
        { exchange, folders, intake: intakeOf(config), afterwards, ctx },
        { pattern, quietMs: durationMs(quietFor), most },
      ),
    );
  },
  examples: [
    {
      title: 'Orders as JSON files',
      config: { folder: 'inbox', pattern: 'order_*.json', as: 'json' },
      payload: {
        name: 'order_4711.json',
        folder: '/srv/exchange/inbox',
        size: 24,
        sha256: '9d1c5e4b7cf9e1ad6ed7a4f6a54df01ab6ec0a2a5d8a8f4b6f6c0a1b2c3d4e5f',
        modifiedAt: '2026-03-02T09:30:00.000Z',
        data: { order: '4711', lines: [] },
      },
    },
    {
      title: 'Large files by reference, archived by day',
      config: { pattern: '*.csv', every: '1m', quietFor: '2m', datedArchive: true },
      payload: {
        name: 'catalogue.csv',
        folder: '/srv/exchange',
        size: 5_368_709_120,
        sha256: '9d1c5e4b7cf9e1ad6ed7a4f6a54df01ab6ec0a2a5d8a8f4b6f6c0a1b2c3d4e5f',
        modifiedAt: '2026-03-02T09:30:00.000Z',
        file: {
          blob: 'blob_00000000000000000000000000000001',
          name: 'catalogue.csv',
          mediaType: 'text/csv',
          bytes: 5_368_709_120,
          sha256: '9d1c5e4b7cf9e1ad6ed7a4f6a54df01ab6ec0a2a5d8a8f4b6f6c0a1b2c3d4e5f',
        },
      },
    },
  ],
});
