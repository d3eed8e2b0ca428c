import { type ErrorCategory, MillraceError } from '@millrace/contract';

/** What can go wrong with a dropzone, whichever way it is reached. */
export type Trouble = 'file-missing' | 'folder-missing' | 'denied' | 'full' | 'unreachable' | 'failed';

const meaning: Readonly<Record<Trouble, readonly [code: string, category: ErrorCategory, sentence: string]>> = {
  'file-missing': ['FILE_MISSING', 'not-found', 'is not there'],
  'folder-missing': ['FOLDER_MISSING', 'transient', 'is missing, or is no folder'],
  denied: ['PERMISSION_DENIED', 'auth', 'may not be used by this connection: permission denied'],
  full: ['DISK_FULL', 'transient', 'cannot take the file: the disk or the quota is full'],
  unreachable: ['DROPZONE_UNREACHABLE', 'transient', 'cannot be reached'],
  failed: ['DROPZONE_FAILED', 'transient', 'refused the operation, perhaps because its disk is full'],
};

/**
 * A trouble in words. Whatever an operator or a little patience can mend is `transient`; `auth` is for rights.
 * @param where the file, folder or server, as the person who configured the connection knows it
 */
export function dropzoneError(trouble: Trouble, where: string, cause?: unknown): MillraceError {
  const [code, category, sentence] = meaning[trouble];
  return new MillraceError(code, `${where} ${sentence}${reasonOf(cause)}.`, { category, cause });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refused the connection',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it did not answer in time',
  ECONNRESET: 'it cut the connection',
  EIO: 'the device reports an error',
  ESTALE: 'the network folder was lost',
};

function reasonOf(cause: unknown): string {
  const reason = reasons[String((cause as { code?: unknown } | undefined)?.code)];
  return reason === undefined ? '' : `: ${reason}`;
}

/** The thing looked for was gone: moved by the other system, or never there. */
export function isMissing(error: unknown): boolean {
  return error instanceof MillraceError && (error.code === 'FILE_MISSING' || error.code === 'FOLDER_MISSING');
}

export function cancelled(cause?: unknown): MillraceError {
  return new MillraceError('CANCELLED', 'The step was cancelled while it used the dropzone.', {
    category: 'cancelled',
    cause,
  });
}
