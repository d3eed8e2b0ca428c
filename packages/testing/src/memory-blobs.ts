import { createHash } from 'node:crypto';
import { type BlobRef, type Blobs, MillraceError, readJson, writeJson } from '@millrace/contract';

const list = 'application/x-ndjson';

/** A payload store in a map. @param limit bytes of the largest payload */
export function memoryBlobs(limit = Number.POSITIVE_INFINITY): Blobs {
  const stored = new Map<string, Buffer>();

  function keep(content: Buffer, about: { name: string; mediaType: string }): BlobRef {
    const blob = `blob_${(stored.size + 1).toString(16).padStart(32, '0')}`;
    stored.set(blob, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { blob, ...about, bytes: content.length, sha256 };
  }

  function contentOf({ blob, name }: BlobRef): Buffer {
    const content = stored.get(blob);
    if (content) return content;
    throw new MillraceError('BLOB_MISSING', `The file “${name}” is not in the payload store.`, {
      category: 'not-found',
    });
  }

  return {
    async write(source, { name, mediaType, bytes = 0 }) {
      requireFits(bytes, limit);
      const chunks: Uint8Array[] = [];
      for await (const chunk of source) chunks.push(chunk);
      const content = Buffer.concat(chunks);
      requireFits(content.length, limit);
      return keep(content, { name, mediaType });
    },
    async writeLines(items, { name }) {
      const lines: string[] = [];
      for await (const item of items) lines.push(`${writeJson(item)}\n`);
      return keep(Buffer.from(lines.join('')), { name, mediaType: list });
    },
    async *read(ref) {
      yield contentOf(ref);
    },
    async *readLines(ref, from = 0) {
      if (ref.mediaType !== list) throw new MillraceError('BLOB_NOT_A_LIST', `The file “${ref.name}” is not a list.`);
      const lines = contentOf(ref).toString().split('\n').slice(from, -1);
      for (const line of lines) yield readJson(line);
    },
  };
}

function requireFits(bytes: number, limit: number): void {
  if (bytes > limit) throw new MillraceError('BLOB_TOO_LARGE', 'The file is too large.');
}
