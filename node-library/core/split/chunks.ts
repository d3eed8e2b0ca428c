import type { Json } from '@millrace/contract';
import { type ListPlace, withListAt } from './list-at.ts';

/** Parts of a list, each with what stands around the list; there is none of an empty list. */
export async function* chunksOf(
  items: AsyncIterable<Json> | Iterable<Json>,
  size: number,
  place: ListPlace,
): AsyncGenerator<Json> {
  let chunk: Json[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield withListAt(place, chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield withListAt(place, chunk);
}
