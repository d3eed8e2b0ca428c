import { type Json, MillraceError, writeJson } from '@millrace/contract';

/** As JSON text writes a NUL and the halves of surrogate pairs, which the database keeps neither of. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** @throws {MillraceError} `TEXT_NOT_STORABLE` */
export function assertStorable(value: Json): void {
  if (!unstorable.test(writeJson(value))) return;
  throw new MillraceError(
    'TEXT_NOT_STORABLE',
    'A text holds a character that cannot be stored (NUL, or half a surrogate pair).',
  );
}
