import { posix } from 'node:path';
import { asked, done, look, performed, type Remote, uncancelled } from './sftp-request.ts';
import { dropzoneError } from './trouble.ts';

/** Bytes of one write request; servers accept at least 32 KiB. */
const chunk = 32_768;

export async function writeAtomically(remote: Remote, path: string, temporary: string, bytes: Buffer): Promise<void> {
  try {
    await writeDurably(remote, temporary, bytes);
    await replace(remote, temporary, path);
  } catch (error) {
    await removeIfThere(uncancelled(remote), temporary).catch(() => undefined);
    throw error;
  }
}

/**
 * By requests: `put` of the client closes the file before it could be flushed, and goes on writing when the step is
 * cancelled.
 */
async function writeDurably(remote: Remote, path: string, bytes: Buffer): Promise<void> {
  const folder = posix.dirname(path);
  const handle = await asked<Buffer>(uncancelled(remote), folder, 'folder-missing', (sftp, answer) =>
    sftp.open(path, 'wx', answer),
  );
  try {
    for (let from = 0; from < bytes.length; from += chunk) {
      const length = Math.min(chunk, bytes.length - from);
      await done(remote, folder, 'folder-missing', (sftp, answer) =>
        sftp.write(handle, bytes, from, length, from, answer),
      );
    }
    await flush(remote, folder, handle);
  } finally {
    await done(uncancelled(remote), path, 'file-missing', (sftp, answer) => sftp.close(handle, answer));
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

/**
 * `posix-rename@openssh.com` replaces atomically. The plain rename of the protocol fails where the target exists; only
 * then is the target deleted first.
 */
async function replace(remote: Remote, from: string, to: string): Promise<void> {
  if (await posixRename(remote, from, to)) return;
  try {
    await rename(remote, from, to);
  } catch (error) {
    if ((await look(remote, to)) !== 'file') throw error;
    await removeIfThere(remote, to);
    await rename(remote, from, to);
  }
}

/** False where the server does not announce it, or denies that request to this user. */
async function posixRename(remote: Remote, from: string, to: string): Promise<boolean> {
  try {
    await performed(remote, to, 'file-missing', (client) => client.posixRename(from, to));
    return true;
  } catch (error) {
    const { code } = error as { code?: unknown };
    // The error for an extension that was not announced has no code; all that come from the server have one.
    if (code === undefined || code === 'PERMISSION_DENIED') return false;
    throw error;
  }
}

export async function rename(remote: Remote, from: string, to: string): Promise<void> {
  await performed(remote, to, 'file-missing', (client) => client.rename(from, to));
}

export async function removeIfThere(remote: Remote, path: string): Promise<void> {
  await performed(remote, path, 'file-missing', (client) => client.delete(path, true));
}

/** By request: `mkdir` of the client looks by itself first, and takes a path that begins with a dot for another one. */
export async function ensureFolder(remote: Remote, path: string): Promise<void> {
  const kind = await look(remote, path);
  if (kind === 'folder') return;
  if (kind !== undefined) throw dropzoneError('folder-missing', path);
  await done(remote, path, 'folder-missing', (sftp, answer) => sftp.mkdir(path, answer));
}
