import { MillraceError } from '@millrace/contract';
import { cancelled, exchangeError, type Trouble } from '../trouble.ts';

const troubles: Readonly<Record<string, Trouble>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EEXIST: 'exists',
  EISDIR: 'not-a-file',
  ERR_FS_EISDIR: 'not-a-file',
  // Opening a socket, and a pipe for writing that nobody reads.
  ENXIO: 'not-a-file',
  EIO: 'unreachable',
  ESTALE: 'unreachable',
  ETIMEDOUT: 'unreachable',
  EHOSTDOWN: 'unreachable',
};

/** A file system error in the words of a shared folder. */
export function fileTrouble(error: unknown, where: string, missing: Trouble): unknown {
  if (error instanceof MillraceError) return error;
  if (error instanceof Error && error.name === 'AbortError') return cancelled(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  return exchangeError(troubleOf(code, missing), where, error);
}

function troubleOf(code: string, missing: Trouble): Trouble {
  if (code === 'ENOENT' || code === 'ENOTDIR') return missing;
  // A link where none is followed.
  if (code === 'ELOOP') return missing === 'folder-missing' ? missing : 'not-a-file';
  return troubles[code] ?? 'failed';
}

export async function told<T>(where: string, missing: Trouble, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw fileTrouble(error, where, missing);
  }
}
