import { MillraceError } from '@millrace/contract';
import { type Access, type FileExchange, withFileExchange } from '@millrace/file-exchange';
import type { DropzoneConfig } from '../connection/config.ts';

/** Codes of a shared folder's troubles that are the dropzone's own: flows may ask for them (`$error.code`). */
const codes: Readonly<Record<string, string>> = {
  EXCHANGE_UNREACHABLE: 'DROPZONE_UNREACHABLE',
  EXCHANGE_FAILED: 'DROPZONE_FAILED',
};

/** Runs `work` on the dropzone of a connection; an SFTP connection is shared and kept open for the next user. */
export async function withDropzone<T>(
  config: DropzoneConfig,
  access: Access,
  work: (dropzone: FileExchange) => Promise<T>,
): Promise<T> {
  const { outFolder: _, ...exchange } = config;
  try {
    return await withFileExchange(exchange, access, work);
  } catch (error) {
    const code = error instanceof MillraceError ? codes[error.code] : undefined;
    if (code === undefined || !(error instanceof MillraceError)) throw error;
    throw new MillraceError(code, error.message, error.options);
  }
}

/** Folder that orders are put into: the configured one, else `out` where it exists, else the dropzone itself (`''`). */
export async function outFolderOf(dropzone: FileExchange, config: DropzoneConfig): Promise<string> {
  if (config.outFolder !== undefined) return config.outFolder === '.' ? '' : config.outFolder;
  const out = await dropzone.look('out');
  if (out === undefined || out.kind === 'folder') return out === undefined ? '' : 'out';
  throw new MillraceError('FOLDER_MISSING', `${dropzone.pathOf('out')} is a file or a link, not a folder.`, {
    category: 'transient',
  });
}
