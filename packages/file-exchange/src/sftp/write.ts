import { posix } from 'node:path';
import type { IfExists } from '../file-exchange.ts';
import { exchangeError, isTrouble } from '../trouble.ts';
import { inOrder } from './in-order.ts';
import { kindOf, statOf } from './look.ts';
import { asked, done, type Remote, uncancelled } from './request.ts';

/** Bytes of one write request; servers accept at least 32 KiB. */
const chunk = 32_768;
const requestsAtOnce = 64;

/** Whole under the final name, or nothing at all. Errors: `FILE_EXISTS`, `NOT_A_FILE`. */
export async function writeAtomically(
  remote: Remote,
  path: string,
  temporary: string,
  content: AsyncIterable<Uint8Array>,
  ifExists: IfExists,
): Promise<void> {
  try {
    await writeDurably(remote, temporary, content);
    await (ifExists === 'refuse' ? renameAnew(remote, temporary, path) : renameOver(remote, temporary, path));
  } catch (error) {
    await removeIfThere(uncancelled(remote), temporary).catch(() => undefined);
    throw error;
  }
}

async function writeDurably(remote: Remote, path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const folder = posix.dirname(path);
  const handle = await asked<Buffer>(uncancelled(remote), folder, 'folder-missing', (sftp, answer) =>
    sftp.open(path, 'wx', answer),
  );
  const close = () => done(uncancelled(remote), path, 'file-missing', (sftp, answer) => sftp.close(handle, answer));
  try {
    const written = await writePieces(remote, folder, handle, content);
    await flush(remote, folder, handle);
    await requireSize(remote, folder, handle, written);
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  await close();
}

/** Bytes written. */
async function writePieces(
  remote: Remote,
  folder: string,
  handle: Buffer,
  content: AsyncIterable<Uint8Array>,
): Promise<number> {
  let position = 0;
  for await (const bytes of content) {
    for await (const _answer of inOrder(writesOf(remote, folder, handle, bytes, position), requestsAtOnce));
    position += bytes.length;
  }
  return position;
}

function* writesOf(remote: Remote, folder: string, handle: Buffer, bytes: Uint8Array, position: number) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from < buffer.length; from += chunk) {
    const length = Math.min(chunk, buffer.length - from);
    yield () =>
      done(remote, folder, 'folder-missing', (sftp, answer) =>
        sftp.write(handle, buffer, from, length, position + from, answer),
      );
  }
}

/** `fsync@openssh.com` where the server announces it; other servers flush when they please. */
function flush(remote: Remote, path: string, handle: Buffer): Promise<void> {
  return done(remote, path, 'folder-missing', (sftp, answer) => {
    try {
      sftp.ext_openssh_fsync(handle, (error) => answer(error));
    } catch {
      // Thrown at once, and nothing is sent, where the extension was not announced.
      answer();
    }
  });
}

/** A server on a full disk may say yes to every write and keep less. */
async function requireSize(remote: Remote, path: string, handle: Buffer, size: number): Promise<void> {
  const kept = await asked<{ size: number }>(remote, path, 'file-missing', (sftp, answer) =>
    sftp.fstat(handle, answer),
  );
  if (kept.size !== size) throw exchangeError('full', path);
}

/**
 * `posix-rename@openssh.com` replaces atomically. The plain rename of the protocol fails where the target exists; only
 * then is the target deleted first.
 */
export async function renameOver(remote: Remote, from: string, to: string): Promise<void> {
  const present = await statOf(remote, to, false);
  if (present && kindOf(present) !== 'file') throw exchangeError('not-a-file', to);
  if (await posixRename(remote, from, to)) return;
  if (present) await removeIfThere(remote, to);
  await renameAnew(remote, from, to);
}

/** False where the server does not announce it, or denies that request to this user. */
async function posixRename(remote: Remote, from: string, to: string): Promise<boolean> {
  let announced = true;
  try {
    await done(remote, to, 'file-missing', (sftp, answer) => {
      try {
        sftp.ext_openssh_rename(from, to, (error) => answer(error));
      } catch {
        // Thrown at once, and nothing is sent.
        announced = false;
        answer();
      }
    });
    return announced;
  } catch (error) {
    if (isTrouble(error, 'denied')) return false;
    throw error;
  }
}

/**
 * The plain rename of the protocol, which fails where something has the new name. Its answer does not say why, so the
 * reason is looked for afterwards.
 */
export async function renameAnew(remote: Remote, from: string, to: string): Promise<void> {
  try {
    await done(remote, from, 'file-missing', (sftp, answer) => sftp.rename(from, to, answer));
  } catch (error) {
    if (isTrouble(error, 'failed') && (await statOf(remote, to, false))) throw exchangeError('exists', to, error);
    throw error;
  }
}

export async function removeIfThere(remote: Remote, path: string): Promise<void> {
  try {
    await done(remote, path, 'file-missing', (sftp, answer) => sftp.unlink(path, answer));
  } catch (error) {
    if (!isTrouble(error, 'file-missing')) throw error;
  }
}

/** Creates a folder where it does not exist yet; two may do so at once. */
export async function makeFolder(remote: Remote, path: string): Promise<void> {
  const present = await statOf(remote, path, false);
  if (present) return;
  try {
    await done(remote, path, 'folder-missing', (sftp, answer) => sftp.mkdir(path, answer));
  } catch (error) {
    if (!(await statOf(remote, path, false))) throw error;
  }
}
