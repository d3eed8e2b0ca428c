import { basename } from 'node:path';
import { type BlobRef, type Blobs, MillraceError } from '@millrace/contract';
import type { Answering } from './exchange.ts';
import { fileTypeOf, mediaTypeOf } from './file-type.ts';
import { tooLarge } from './response.ts';

export interface WantedFile {
  /** Its last part is the file's name. */
  readonly url: URL;
  /** Media types that it may have; any where they are left out. */
  readonly types: readonly string[] | undefined;
  /** At most; as much as the payload store keeps where left out. */
  readonly megabytes: number | undefined;
}

/** Bytes by which kinds of file are told apart. */
const headBytes = 16;

/**
 * Keeps the body of an answer as a file of the run, as it comes.
 * @throws {MillraceError} `FILE_EMPTY`, `FILE_TYPE_REFUSED` where header or first bytes tell another type than one wanted,
 *   `RESPONSE_TOO_LARGE`, `BLOB_TOO_LARGE`, and what the answer breaks off with; nothing is kept then
 */
export function keepAsFile(
  { headers, body }: Answering,
  { url, types, megabytes }: WantedFile,
  blobs: Blobs,
): Promise<BlobRef> {
  const mediaType = mediaTypeOf(headers.get('content-type'));
  const about = { name: nameIn(url), mediaType: mediaType || 'application/octet-stream', ...lengthOf(headers) };
  const content = megabytes === undefined ? body : bounded(body, megabytes);
  return blobs.write(
    checked(content, (head) => requireFile(head, mediaType, types)),
    about,
  );
}

/** What is compressed on its way is longer than it says. */
function lengthOf(headers: Headers): { bytes?: number } {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? {} : { bytes: Number(length) };
}

async function* bounded(body: AsyncIterable<Uint8Array>, megabytes: number): AsyncGenerator<Uint8Array> {
  let left = megabytes * 1024 * 1024;
  for await (const chunk of body) {
    left -= chunk.byteLength;
    if (left < 0) throw tooLarge(megabytes);
    yield chunk;
  }
}

/** Lets nothing pass before its beginning was looked at. */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  check: (head: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = Buffer.alloc(0);
  for await (const chunk of body) {
    const passing: Uint8Array = head ? Buffer.concat([head, chunk]) : chunk;
    head = head && passing.length < headBytes ? passing : checkedOnce(head, passing, check);
    if (!head) yield passing;
  }
  if (!head) return;
  check(head);
  yield head;
}

function checkedOnce(
  head: Uint8Array | undefined,
  beginning: Uint8Array,
  check: (head: Uint8Array) => void,
): undefined {
  if (head) check(beginning);
}

function requireFile(head: Uint8Array, declared: string, types: readonly string[] | undefined): void {
  if (head.length === 0) throw new MillraceError('FILE_EMPTY', 'The answer holds no file: it is empty.');
  const found = fileTypeOf(head);
  if (!types || (types.includes(declared) && found === declared)) return;
  const says = declared === '' ? 'does not say what it is' : `says that it is ${declared}`;
  const message = `The file ${says}, and its first bytes are those of ${found ?? 'no known kind'}; wanted is ${types.join(' or ')}.`;
  throw new MillraceError('FILE_TYPE_REFUSED', message, { details: { declared, found: found ?? null } });
}

function nameIn({ pathname }: URL): string {
  try {
    return basename(decodeURIComponent(pathname)).replaceAll('\0', '') || 'file';
  } catch {
    return basename(pathname);
  }
}
