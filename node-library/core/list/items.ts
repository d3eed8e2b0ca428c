import { type Blobs, isBlobRef, type Json, MillraceError } from '@millrace/contract';

/**
 * The items of a list, which may also be a file that holds one; such a file is read as the items are asked for.
 * @throws {MillraceError} `NOT_A_LIST`, and where a file is read `BLOB_MISSING`, `BLOB_NOT_A_LIST`
 */
export function itemsOf(list: Json, blobs: Blobs): AsyncIterable<Json> | Iterable<Json> {
  if (Array.isArray(list)) return list as readonly Json[];
  if (isBlobRef(list)) return blobs.readLines(list);
  throw new MillraceError('NOT_A_LIST', 'This is neither a list nor a file that holds one.');
}
