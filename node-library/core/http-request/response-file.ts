import { basename } from 'node:path';
import { type BlobRef, type Blobs, MillraceError } from '@millrace/contract';
import { fileTypeOf, mediaTypeOf } from './file-type.ts';
import type { ReadResponse } from './response.ts';

export interface WantedFile {
  /** Its last part is the file's name. */
  readonly url: URL;
  /** Media types that it may have; any where they are left out. */
  readonly types: readonly string[] | undefined;
}

/**
 * Keeps the body of an answer as a file of the run.
 * @throws {MillraceError} `FILE_EMPTY`, `FILE_TYPE_REFUSED` where header or first bytes tell another type than one wanted
 */
export async function fileOf(answer: ReadResponse, { url, types }: WantedFile, blobs: Blobs): Promise<BlobRef> {
  const { bytes, headers } = answer;
  if (bytes.length === 0) throw new MillraceError('FILE_EMPTY', 'The answer holds no file: it is empty.');
  const mediaType = mediaTypeOf(headers.get('content-type'));
  if (types) requireType(types, mediaType, bytes);
  const about = { name: nameIn(url), mediaType: mediaType || 'application/octet-stream', bytes: bytes.length };
  return blobs.write(once(bytes), about);
}

function requireType(types: readonly string[], declared: string, bytes: Uint8Array): void {
  const found = fileTypeOf(bytes);
  if (types.includes(declared) && found === declared) return;
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

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
