import { MillraceError } from '@millrace/contract';
import { invalidKey } from '../object-key.ts';

const absent = ['ENOENT', 'ENOTDIR', 'ELOOP'];

/** There is nothing by this name that could be an object: nothing at all, or not below plain folders. */
export function isAbsent(thrown: unknown): boolean {
  return absent.includes(codeOf(thrown));
}

export function isNoPlainFolder(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOTDIR' || codeOf(thrown) === 'ELOOP';
}

export function ignore(...codes: string[]): (thrown: unknown) => undefined {
  return (thrown) => {
    if (!codes.includes(codeOf(thrown))) throw thrown;
  };
}

/** Runs a file operation; its failure is told in words, without paths of the server. */
export async function explained<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (thrown) {
    throw folderFailure(thrown);
  }
}

/** Somebody has to mend the store, and then the object can be put as it is: worth trying again. */
export function folderFailure(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const code = codeOf(thrown);
  if (code === 'EISDIR' || code === 'ENOTEMPTY') return invalidKey('is that of a folder of other objects');
  const [ourCode, message] = troubles[code] ?? [
    'STORE_UNAVAILABLE',
    `The object store could not be used (${code || 'unknown cause'}).`,
  ];
  return new MillraceError(ourCode, message, { category: 'transient', cause: thrown });
}

const full = ['STORE_FULL', 'The object store is full.'] as const;
const forbidden = [
  'STORE_FORBIDDEN',
  'The object store may not be used by the account that Millrace runs under.',
] as const;
const troubles: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ENOSPC: full,
  EDQUOT: full,
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: forbidden,
};

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException | null)?.code ?? '';
}
