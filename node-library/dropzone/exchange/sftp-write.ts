import { posix } from 'node:path';
import { asked, chunk, closeHandle, done, look, openHandle, type Remote, uncancelled } from './sftp-request.ts';
import { dropzoneError, isMissing } from './trouble.ts';

export async function writeAtomically(remote: Remote, path: string, temporary: string, bytes: Buffer): Promise<void> {
  try {
    await writeDurably(remote, temporary, bytes);
    await replace(remote, temporary, path);
  } catch (error) {
    await removeIfThere(uncancelled(remote), temporary).catch(() => undefined);
    throw error;
  }
}

async function writeDurably(remote: Remote, path: string, bytes: Buffer): Promise<void> {
  const folder = posix.dirname(path);
  const handle = await openHandle(remote, path, 'wx', folder, 'folder-missing');
  try {
    for (let from = 0; from < bytes.length; from += chunk) {
      const length = Math.min(chunk, bytes.length - from);
      await done(remote, folder, 'folder-missing', (sftp, answer) =>
        sftp.write(handle, bytes, from, length, from, answer),
      );
    }
    await flush(remote, folder, handle);
  } finally {
    await closeHandle(remote, path, handle);
  }
}

/** `fsync@openssh.com` where the server offers it; other servers flush when they please. */
function flush(remote: Remote, path: string, handle: Buffer): Promise<void> {
  return done(remote, path, 'folder-missing', (sftp, answer) =>
    whereOffered(
      () => sftp.ext_openssh_fsync(handle, (error) => answer(error)),
      () => answer(),
    ),
  );
}

/** ssh2 throws at once where the server did not announce an extension. */
function whereOffered(extension: () => void, otherwise: () => void): void {
  try {
    extension();
  } catch {
    otherwise();
  }
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

/** False where the server does not offer it, or denies that request to this user. */
async function posixRename(remote: Remote, from: string, to: string): Promise<boolean> {
  try {
    return await asked<boolean>(remote, to, 'file-missing', (sftp, answer) =>
      whereOffered(
        () => sftp.ext_openssh_rename(from, to, (error) => answer(error, true)),
        () => answer(undefined, false),
      ),
    );
  } catch (error) {
    if ((error as { code?: unknown }).code === 'PERMISSION_DENIED') return false;
    throw error;
  }
}

export function rename(remote: Remote, from: string, to: string): Promise<void> {
  return done(remote, to, 'file-missing', (sftp, answer) => sftp.rename(from, to, answer));
}

export async function removeIfThere(remote: Remote, path: string): Promise<void> {
  try {
    await done(remote, path, 'file-missing', (sftp, answer) => sftp.unlink(path, answer));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

export async function ensureFolder(remote: Remote, path: string): Promise<void> {
  const kind = await look(remote, path);
  if (kind === 'folder') return;
  if (kind !== undefined) throw dropzoneError('folder-missing', path);
  await done(remote, path, 'folder-missing', (sftp, answer) => sftp.mkdir(path, answer));
}
