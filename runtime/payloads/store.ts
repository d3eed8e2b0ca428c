import { randomUUID } from 'node:crypto';
import type { AboutContent, BlobRef } from '@millrace/contract';
import type { Database } from '../postgres/database.ts';
import type { StoredPayload } from '../postgres/payloads/payload.ts';
import { keeperOf } from './content.ts';
import { listType } from './lines.ts';
import { Measure, requireFits } from './measure.ts';
import { placeOf } from './place.ts';
import { blobOf } from './references.ts';
import { removePayloads } from './remove.ts';

/** Where new payloads go. Reading and removing need the database alone: each payload knows its place. */
export interface PayloadStore {
  readonly database: Database;
  /** As {@link placeOf} understands it. */
  readonly place: string;
  /** Largest payload, in bytes. */
  readonly limit: number;
}

/** @throws {MillraceError} `PAYLOAD_PLACE_INVALID`, `BAD_CONNECTION_TEXT` where the place cannot be understood */
export function openPayloadStore(store: PayloadStore): PayloadStore {
  placeOf(store.place);
  return store;
}

/** Whose a payload is. One without a run is swept after a day, if no run has claimed it. */
export interface Owner {
  readonly tenant: string;
  readonly run?: string;
}

/**
 * Stores content as it comes, holding about a mebibyte of it.
 * @throws {MillraceError} `BLOB_TOO_LARGE`; nothing is kept then, nor where the content itself fails
 */
export async function writePayload(
  { database, place, limit }: PayloadStore,
  { tenant, run }: Owner,
  content: AsyncIterable<Uint8Array>,
  { name, mediaType, bytes = 0 }: AboutContent,
): Promise<BlobRef> {
  requireFits(bytes, { name, limit });
  const payload = { id: randomUUID(), tenant, run: run ?? null, name: storable(name), mediaType, place };
  const measure = new Measure({ name, limit, isList: mediaType === listType });
  try {
    await keeperOf(place, database).write(payload, content, measure);
  } catch (thrown) {
    // What cannot be removed now, because the database is away, is swept later.
    await removePayloads(database, tenant, [payload.id]).catch(() => undefined);
    throw thrown;
  }
  return refOf({ ...payload, ...measure.total() });
}

/** A name may come from anywhere; PostgreSQL keeps no NUL. */
function storable(name: string): string {
  return name.toWellFormed().replaceAll('\0', '\ufffd').slice(0, 1000).toWellFormed();
}

export function readPayload(database: Database, payload: StoredPayload, from = 0): AsyncIterable<Uint8Array> {
  return keeperOf(payload.place, database).read(payload, from);
}

export function refOf({ id, name, mediaType, bytes, sha256 }: StoredPayload): BlobRef {
  return { blob: blobOf(id), name, mediaType, bytes, sha256 };
}
