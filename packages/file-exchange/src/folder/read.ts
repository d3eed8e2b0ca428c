import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { cancelled, exchangeError } from '../trouble.ts';
import type { Anchor } from './anchor.ts';
import { fileTrouble } from './failure.ts';

/** Opened so that a link is not followed and a pipe does not block, should one have taken the file's place since it was listed. */
const readNoFollow = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Bytes of one read. */
const chunk = 262_144;

export function openToRead({ path }: Anchor, name: string): Promise<FileHandle> {
  return open(`${path}/${name}`, readNoFollow);
}

/** The whole of an open file, which is closed at the end. Errors: `NOT_A_FILE`, `FILE_CHANGED`. */
export async function* contentsOf(opened: FileHandle, where: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    await using handle = opened;
    const found = await handle.stat();
    if (!found.isFile()) throw exchangeError('not-a-file', where);
    let position = 0;
    while (position < found.size) {
      if (signal.aborted) throw cancelled(signal.reason);
      const bytes = await readAt(handle, position, Math.min(chunk, found.size - position));
      if (bytes.length === 0) break;
      position += bytes.length;
      yield bytes;
    }
    if (position < found.size || hasChanged(found, await handle.stat())) throw exchangeError('changed', where);
  } catch (error) {
    throw fileTrouble(error, where, 'file-missing');
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function hasChanged(before: Stats, after: Stats): boolean {
  return before.size !== after.size || before.mtimeMs !== after.mtimeMs;
}
