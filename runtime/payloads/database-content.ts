import type { Database } from '../postgres/database.ts';
import { deleteChunks, insertChunks, loadChunks } from '../postgres/payloads/chunks.ts';
import { completePayload, insertPayload } from '../postgres/payloads/payload.ts';
import type { ContentKeeper } from './content.ts';
import { blobMissing } from './missing.ts';

/** Bytes of a row; all but the last of a payload are of this size. */
const chunkBytes = 256 * 1024;
/** Rows of a transaction: so much is in memory at a time. */
const chunksAtOnce = 4;

/** Content in rows of the database. No transaction stays open while the source is waited for. */
export function databaseContent(database: Database): ContentKeeper {
  return {
    async write(payload, content, measure) {
      const { id, tenant } = payload;
      for await (const { chunks, first, isLast } of batches(measure.of(content)))
        await database.asTenants([tenant], async (tx) => {
          if (first === 0) await insertPayload(tx, payload);
          await insertChunks(tx, { id, tenant, first, chunks });
          if (isLast) await completePayload(tx, id, measure.total());
        });
    },
    async *read({ id, tenant, bytes, name }, from) {
      let at = from;
      while (at < bytes) {
        const first = Math.floor(at / chunkBytes);
        const chunks = await database.asTenants([tenant], (tx) => loadChunks(tx, { id, first, limit: chunksAtOnce }));
        const found = Buffer.concat(chunks).subarray(at - first * chunkBytes);
        if (found.length === 0) throw blobMissing(name);
        at += found.length;
        yield found;
      }
    },
    // One by one, though they would go with the payload's row: a large one takes its time, many have too little of it.
    remove: ({ id, tenant }) => database.asTenants([tenant], (tx) => deleteChunks(tx, id)),
  };
}

interface Batch {
  readonly chunks: readonly Buffer[];
  /** Number of the first chunk. */
  readonly first: number;
  readonly isLast: boolean;
}

/** At least one batch, however little there is; each but the last is full. */
async function* batches(content: AsyncIterable<Uint8Array>): AsyncGenerator<Batch> {
  const batchBytes = chunkBytes * chunksAtOnce;
  let pieces: Uint8Array[] = [];
  let length = 0;
  let first = 0;
  for await (const piece of content) {
    pieces.push(piece);
    length += piece.length;
    if (length <= batchBytes) continue;
    let gathered = Buffer.concat(pieces);
    for (; gathered.length > batchBytes; first += chunksAtOnce) {
      yield { chunks: chunksOf(gathered.subarray(0, batchBytes)), first, isLast: false };
      gathered = gathered.subarray(batchBytes);
    }
    pieces = [gathered];
    length = gathered.length;
  }
  yield { chunks: chunksOf(Buffer.concat(pieces)), first, isLast: true };
}

function chunksOf(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / chunkBytes);
  return Array.from({ length: count }, (_, n) => bytes.subarray(n * chunkBytes, (n + 1) * chunkBytes));
}
