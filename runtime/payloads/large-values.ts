import { createHash } from 'node:crypto';
import {
  isBlobRef,
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  readJson,
  writeJson,
} from '@millrace/contract';
import { findByContent } from '../postgres/payloads/payload.ts';
import { blobsFor } from './blobs.ts';
import { type Owner, type PayloadStore, refOf } from './store.ts';

/**
 * The one key of what stands in place of a large value. No data can forge it, because it means something only where a
 * whole value stands, and there {@link LargeValues.offload} never leaves a value of the user that has it: such a value is
 * stored by reference too, however small it is. Deeper inside a value nobody looks for it.
 */
const markerKey = '$payload';
const mediaType = 'application/json';
const defaultThreshold = 64 * 1024;

/** Keeps large values of a run's state and history apart from them. */
export interface LargeValues {
  /**
   * The value as it is stored: itself, or where its JSON text is longer than the threshold a marker that refers to it. A
   * run has the same content once. Values are taken to be immutable: what was offloaded or loaded is not looked at again.
   */
  offload(value: Json): Promise<Json>;
  /** The value that was offloaded, exactly. @throws {MillraceError} `BLOB_MISSING` */
  load(stored: Json): Promise<Json>;
}

/** @param threshold bytes of JSON text up to which a value is stored where it stands */
export function largeValues(store: PayloadStore, owner: Owner, threshold = defaultThreshold): LargeValues {
  const blobs = blobsFor(store, owner);
  const known = new WeakMap<object, Json>();
  const remember = (value: Json, stored: Json) => {
    if (typeof value === 'object' && value !== null) known.set(value, stored);
  };
  return {
    async offload(value) {
      const before = typeof value === 'object' && value !== null ? known.get(value) : undefined;
      if (before !== undefined) return before;
      const text = Buffer.from(writeJson(value));
      const isSmall = text.length <= threshold && !hasMarkerKey(value);
      const stored = isSmall ? value : await keep(text);
      remember(value, stored);
      return stored;
    },
    async load(stored) {
      if (!hasMarkerKey(stored)) return stored;
      const value = await read(stored[markerKey] as Json);
      remember(value, stored);
      return value;
    },
  };

  async function keep(text: Buffer): Promise<Json> {
    const found = owner.run === undefined ? undefined : await present(owner.run, text);
    const ref = found ? refOf(found) : await blobs.write(oneChunk(text), { name: 'value.json', mediaType });
    return { [markerKey]: { ...ref } };
  }

  function present(run: string, text: Buffer) {
    const sha256 = createHash('sha256').update(text).digest('hex');
    return store.database.asTenants([owner.tenant], (tx) => findByContent(tx, { run, sha256, mediaType }));
  }

  async function read(ref: Json): Promise<Json> {
    if (!isBlobRef(ref))
      throw new MillraceError('PAYLOAD_MARKER_INVALID', 'A stored value refers to nothing.', { category: 'internal' });
    const chunks: Uint8Array[] = [];
    for await (const chunk of blobs.read(ref)) chunks.push(chunk);
    return readJson(Buffer.concat(chunks).toString());
  }
}

function hasMarkerKey(value: Json): value is JsonObject {
  return isObject(value) && Object.hasOwn(value, markerKey);
}

async function* oneChunk(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
