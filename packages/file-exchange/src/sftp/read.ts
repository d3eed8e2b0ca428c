import type { Attributes, Stats } from 'ssh2';
import { exchangeError } from '../trouble.ts';
import { inOrder } from './in-order.ts';
import { kindOf, statOf } from './look.ts';
import { asked, done, type Remote, uncancelled } from './request.ts';

/** Bytes of one read request; every server gives at least 32 KiB. */
const chunk = 32_768;
const requestsAtOnce = 64;

/**
 * The whole of a file. The protocol cannot open a file without following links, so what was opened is compared with
 * what lay there before: a link that was swapped in shows another file, and nothing of that is given.
 * Errors: `FILE_MISSING`, `NOT_A_FILE`, `FILE_CHANGED` where fewer bytes come than the file has.
 */
export async function* contentsOf(remote: Remote, path: string): AsyncGenerator<Uint8Array> {
  const listed = await statOf(remote, path, false);
  if (!listed) throw exchangeError('file-missing', path);
  if (kindOf(listed) !== 'file') throw exchangeError('not-a-file', path);
  const handle = await asked<Buffer>(uncancelled(remote), path, 'file-missing', (sftp, answer) =>
    sftp.open(path, 'r', answer),
  );
  try {
    const opened = await statOfOpen(remote, path, handle);
    if (differ(listed, opened)) throw exchangeError('changed', path);
    yield* piecesOf(remote, path, handle, opened.size);
    if (differ(opened, await statOfOpen(remote, path, handle))) throw exchangeError('changed', path);
  } finally {
    await done(uncancelled(remote), path, 'file-missing', (sftp, answer) => sftp.close(handle, answer)).catch(
      () => undefined,
    );
  }
}

function statOfOpen(remote: Remote, path: string, handle: Buffer): Promise<Stats> {
  return asked<Stats>(remote, path, 'file-missing', (sftp, answer) => sftp.fstat(handle, answer));
}

function differ(a: Attributes, b: Attributes): boolean {
  return a.size !== b.size || a.mtime !== b.mtime || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid;
}

function piecesOf(remote: Remote, path: string, handle: Buffer, size: number): AsyncGenerator<Uint8Array> {
  function* tasks() {
    for (let from = 0; from < size; from += chunk) {
      yield () => piece(remote, path, handle, from, Math.min(chunk, size - from));
    }
  }
  return inOrder(tasks(), requestsAtOnce);
}

/** A server may give less than it was asked for; nothing at all is the end of a file that has become shorter. */
async function piece(remote: Remote, path: string, handle: Buffer, from: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  for (let filled = 0; filled < length; ) {
    const read = await asked<number>(remote, path, 'file-missing', (sftp, answer) =>
      sftp.read(handle, bytes, filled, length - filled, from + filled, answer),
    );
    if (read === 0) throw exchangeError('changed', path);
    filled += read;
  }
  return bytes;
}
