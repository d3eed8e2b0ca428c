import { createHash } from 'node:crypto';
import { type Blobs, isBlobRef, type Json, writeJson } from '@millrace/contract';
import { contentOf, type FileExchange, measured } from '@millrace/file-exchange';

/** What is to be written; read anew each time it is opened. */
export interface Document {
  open(): AsyncIterable<Uint8Array>;
  /** Bytes and SHA-256 as they will be; used to recognise a file that was written before. */
  readonly size: number;
  readonly sha256: string;
}

/** A file of the payload store as it is, a text as text, anything else as JSON. */
export function documentOf(content: Json, blobs: Blobs): Document {
  if (isBlobRef(content)) {
    return { open: () => blobs.read(content), size: content.bytes, sha256: content.sha256 };
  }
  const bytes = Buffer.from(typeof content === 'string' ? content : `${writeJson(content, 2)}\n`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { open: () => contentOf(bytes), size: bytes.length, sha256 };
}

/** Whether a file holds the document; read only where its size is right. */
export async function holds(exchange: FileExchange, path: string, { size, sha256 }: Document): Promise<boolean> {
  const entry = await exchange.look(path);
  if (entry?.kind !== 'file' || entry.size !== size) return false;
  const { content, result } = measured(exchange.stream(path));
  for await (const _chunk of content);
  return result().sha256 === sha256;
}
