import { MillraceError } from '@millrace/contract';

export function blobMissing(name: string, cause?: unknown): MillraceError {
  const message = `The file “${name}” is not in the payload store.`;
  return new MillraceError('BLOB_MISSING', message, { category: 'not-found', cause });
}
