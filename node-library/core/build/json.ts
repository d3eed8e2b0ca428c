import { type Blobs, isBlobRef, type Json, writeJson } from '@millrace/contract';
import { itemsOf } from '../list/items.ts';

/** A JSON document in pieces; a file that holds a list becomes the same text as the list would. */
export async function* jsonPieces(data: Json, indent: boolean, blobs: Blobs): AsyncGenerator<string> {
  if (!Array.isArray(data) && !isBlobRef(data)) return yield writeJson(data, indent ? 2 : undefined);
  let separator = '[';
  for await (const item of itemsOf(data, blobs)) {
    yield separator + (indent ? `\n  ${writeJson(item, 2).replaceAll('\n', '\n  ')}` : writeJson(item));
    separator = ',';
  }
  if (separator === '[') yield '[]';
  else yield indent ? '\n]' : ']';
}

/** Each item on a line of its own. */
export async function* jsonLinePieces(data: Json, lineEnd: string, blobs: Blobs): AsyncGenerator<string> {
  for await (const item of itemsOf(data, blobs)) yield writeJson(item) + lineEnd;
}
