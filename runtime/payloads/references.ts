import { isBlobRef, isObject, type Json } from '@millrace/contract';

/** A payload's id in the database, by what stands in a reference. */
export function payloadId(blob: string): string {
  return blob.slice('blob_'.length).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** And back. */
export function blobOf(payload: string): string {
  return `blob_${payload.replaceAll('-', '')}`;
}

/**
 * Ids of the payloads that the data refers to, each once. Without recursion: what comes in from outside may be nested
 * deeper than the stack.
 */
export function payloadsIn(data: Json): Set<string> {
  const found = new Set<string>();
  const open: Json[] = [data];
  while (open.length > 0) {
    const value = open.pop() as Json;
    if (Array.isArray(value)) for (const item of value) open.push(item as Json);
    if (!isObject(value)) continue;
    if (isBlobRef(value)) found.add(payloadId(value.blob));
    for (const inner of Object.values(value)) open.push(inner);
  }
  return found;
}
