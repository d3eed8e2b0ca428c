import { MillraceError } from '@millrace/contract';
import type { DropzoneConfig } from '../connection/config.ts';
import type { Dropzone } from './dropzone.ts';
import { folderDropzone } from './folder.ts';
import { sftpDropzone } from './sftp.ts';
import { withSession } from './sftp-session.ts';

/** Runs `work` on the dropzone of a connection; an SFTP connection is shared and kept open for the next user. */
export function withDropzone<T>(
  config: DropzoneConfig,
  signal: AbortSignal,
  work: (dropzone: Dropzone) => Promise<T>,
): Promise<T> {
  if (config.kind === 'folder') return work(folderDropzone(config.path, signal));
  return withSession(config, signal, (session) => work(sftpDropzone(config, session, signal)));
}

/** Folder that orders are put into: the configured one, else `out` where it exists, else the dropzone itself (`''`). */
export async function outFolderOf(dropzone: Dropzone, config: DropzoneConfig): Promise<string> {
  if (config.outFolder !== undefined) return config.outFolder === '.' ? '' : config.outFolder;
  const out = await dropzone.look('out');
  if (out === undefined || out === 'folder') return out === undefined ? '' : 'out';
  throw new MillraceError('FOLDER_MISSING', `${dropzone.pathOf('out')} is a file or a link, not a folder.`, {
    category: 'transient',
  });
}
