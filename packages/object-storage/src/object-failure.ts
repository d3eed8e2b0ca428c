import { MillraceError } from '@millrace/contract';

export function objectNotFound(cause?: unknown): MillraceError {
  return new MillraceError('OBJECT_NOT_FOUND', 'There is no such object.', {
    category: 'not-found',
    pointer: '/key',
    cause,
  });
}

export function objectExists(cause?: unknown): MillraceError {
  return new MillraceError('OBJECT_EXISTS', 'There is an object under this key already.', { pointer: '/key', cause });
}
