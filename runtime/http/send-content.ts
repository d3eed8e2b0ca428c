import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readPayload } from '../payloads/store.ts';
import type { StoredPayload } from '../postgres/payloads/payload.ts';
import type { Api } from './route.ts';

/** What of a stored file is told before its content. */
export function contentHeaders({ mediaType, bytes }: StoredPayload): Record<string, string> {
  return { 'content-type': plainType(mediaType), 'content-length': String(bytes) };
}

/** Sends a stored file as it is read. Where that breaks off so does the connection, which the length tells the other side. */
export async function sendContent(
  response: ServerResponse,
  payload: StoredPayload | Promise<StoredPayload>,
  { database, log }: Pick<Api, 'database' | 'log'>,
): Promise<void> {
  try {
    const content = readPayload(database, await payload);
    await pipeline(Readable.from(content, { objectMode: false }), response);
  } catch (error) {
    response.destroy();
    log.warn({ err: error }, 'a download was cut short');
  }
}

/** A type that somebody else has given may be anything. */
function plainType(mediaType: string): string {
  return /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(mediaType) ? mediaType : 'application/octet-stream';
}
