import { randomBytes } from 'node:crypto';

let lastMs = 0;
let madeInMs = 0;

/**
 * A UUID of version 7 (RFC 9562): begins with the time, so that ids sort by age and new ones land together in an index.
 * Made here rather than by the database where many rows are written by one statement and each must be known by its id.
 */
export function newId(): string {
  const now = Date.now();
  madeInMs = now === lastMs ? madeInMs + 1 : 0;
  lastMs = now;
  const bytes = randomBytes(16);
  // Those of one millisecond are told apart by a counter (method 1 of section 6.2).
  bytes.writeUInt16BE(madeInMs & 0x0fff, 6);
  return idOf(now, bytes);
}

/** The same id for the same time and digest: for what must not exist twice, however often it is made. */
export function idFrom(time: Date, digest: Uint8Array): string {
  return idOf(time.getTime(), Buffer.from(digest.subarray(0, 16)));
}

/** Ids made at this time or later are not smaller. */
export function firstIdAt(time: Date): string {
  return idFrom(time, Buffer.alloc(16));
}

function idOf(ms: number, bytes: Buffer): string {
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
