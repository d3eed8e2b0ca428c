import { type BlobRef, type Blobs, isBlobRef, MillraceError } from '@millrace/contract';
import type { Database } from '../postgres/database.ts';
import { findPayload, lineOffset, type StoredPayload } from '../postgres/payloads/payload.ts';
import { itemsOf, linesOf, listType } from './lines.ts';
import { linesPerOffset } from './measure.ts';
import { blobMissing } from './missing.ts';
import { payloadId } from './references.ts';
import { type Owner, type PayloadStore, readPayload, writePayload } from './store.ts';

/** The payload store as a step or trigger may use it: what it writes is the owner's, and it reads what is the tenant's. */
export function blobsFor(store: PayloadStore, owner: Owner): Blobs {
  const { database } = store;
  const find = (ref: BlobRef) => findBlob(database, owner.tenant, ref);
  return {
    write: (source, about) => writePayload(store, owner, source, about),
    writeLines: (items, { name }) => writePayload(store, owner, linesOf(items), { name, mediaType: listType }),
    async *read(ref) {
      yield* readPayload(database, await find(ref));
    },
    async *readLines(ref, from = 0) {
      const payload = await find(ref);
      if (payload.mediaType !== listType)
        throw new MillraceError('BLOB_NOT_A_LIST', `The file “${payload.name}” is not a list.`);
      const thousand = Math.floor(from / linesPerOffset);
      const offset = await database.asTenants([owner.tenant], (tx) => lineOffset(tx, payload.id, thousand));
      if (offset === undefined) return;
      const skip = from % linesPerOffset;
      yield* itemsOf(readPayload(database, payload, offset), { name: payload.name, first: from - skip, skip });
    },
  };
}

/**
 * A reference is plain data that anybody may have written: only its id is believed.
 * @throws {MillraceError} `BLOB_MISSING`
 */
export async function findBlob(database: Database, tenant: string, ref: BlobRef): Promise<StoredPayload> {
  const found = isBlobRef(ref)
    ? await database.asTenants([tenant], (tx) => findPayload(tx, payloadId(ref.blob)))
    : undefined;
  if (!found) throw blobMissing(ref.name);
  return found;
}
