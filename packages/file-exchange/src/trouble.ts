import { type ErrorCategory, MillraceError } from '@millrace/contract';

/** What can go wrong with a shared folder, whichever way it is reached. */
export type Trouble =
  | 'file-missing'
  | 'folder-missing'
  | 'not-a-file'
  | 'exists'
  | 'changed'
  | 'denied'
  | 'full'
  | 'unreachable'
  | 'failed';

const meaning: Readonly<Record<Trouble, readonly [code: string, category: ErrorCategory, sentence: string]>> = {
  'file-missing': ['FILE_MISSING', 'not-found', 'is not there'],
  'folder-missing': ['FOLDER_MISSING', 'transient', 'is missing, or is no folder'],
  'not-a-file': ['NOT_A_FILE', 'validation', 'is no file, but a folder, a link, a pipe or a device'],
  exists: ['FILE_EXISTS', 'validation', 'is there already'],
  changed: ['FILE_CHANGED', 'transient', 'was changed or cut short while it was read'],
  denied: ['PERMISSION_DENIED', 'auth', 'may not be used by this connection: permission denied'],
  full: ['DISK_FULL', 'transient', 'cannot take the file: the disk or the quota is full'],
  unreachable: ['EXCHANGE_UNREACHABLE', 'transient', 'cannot be reached'],
  failed: ['EXCHANGE_FAILED', 'transient', 'refused the operation, perhaps because its disk is full'],
};

/**
 * A trouble in words. Whatever an operator or a little patience can mend is `transient`; `auth` is for rights.
 * @param where the file, folder or server, as the person who configured the connection knows it
 */
export function exchangeError(trouble: Trouble, where: string, cause?: unknown): MillraceError {
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
  // A timer of ours, while connecting.
  ABORT_ERR: 'it did not answer in time',
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
  return isTrouble(error, 'file-missing', 'folder-missing');
}

export function isTrouble(error: unknown, ...troubles: readonly Trouble[]): boolean {
  return error instanceof MillraceError && troubles.some((trouble) => meaning[trouble][0] === error.code);
}

/** What an operation gives, or nothing where what it was about is gone. */
export async function orNothing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function cancelled(cause?: unknown): MillraceError {
  return new MillraceError('CANCELLED', 'The step was cancelled while it used the shared folder.', {
    category: 'cancelled',
    cause,
  });
}
