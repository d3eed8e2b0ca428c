import { folderFields, sftpFields } from '@millrace/file-exchange';
import Type, { type Static } from 'typebox';

const OutFolder = Type.Optional(
  Type.String({
    title: 'Folder for orders',
    description:
      'Folder inside the dropzone that orders are put into; `.` for the dropzone itself. Left empty: `out` where it exists, otherwise the dropzone itself.',
    pattern: '^(\\.|[^./\\\\][^/\\\\]*)$',
    examples: ['inbound'],
  }),
);

const strict = { additionalProperties: false };

/** A shared folder, with the folder inside it that orders go to. */
export const DropzoneConfig = Type.Union(
  [
    Type.Object({ ...folderFields, outFolder: OutFolder }, { title: 'Folder', ...strict }),
    Type.Object({ ...sftpFields, outFolder: OutFolder }, { title: 'SFTP', ...strict }),
  ],
  { title: 'Dropzone' },
);

export type DropzoneConfig = Static<typeof DropzoneConfig>;
