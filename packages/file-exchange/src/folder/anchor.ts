import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const folder = constants.O_RDONLY | constants.O_DIRECTORY;

/** A folder that is held open, with the path under which its entries are reached. */
export interface Anchor {
  readonly path: string;
  readonly handle: FileHandle;
}

/**
 * Does something in a folder that is held open meanwhile. On Linux the entries are reached through the open handle, as
 * `openat` would, so that nobody can swap a folder on the way for a link between the check and the deed. Elsewhere they
 * are reached by name: there a link is refused where it is there at the time of the check.
 *
 * The root may be a link, as its operator chose; a link below it was perhaps put there by somebody else and fails
 * with `ENOTDIR` or `ELOOP`.
 */
export async function inFolder<T>(
  root: string,
  parts: readonly string[],
  work: (anchor: Anchor) => Promise<T>,
): Promise<T> {
  return await descend(root, folder, parts, work);
}

async function descend<T>(
  path: string,
  flags: number,
  [next, ...rest]: readonly string[],
  work: (anchor: Anchor) => Promise<T>,
): Promise<T> {
  await using handle = await open(path, flags);
  const anchor = { path: entriesPathOf(handle, path), handle };
  if (next === undefined) return await work(anchor);
  return await descend(`${anchor.path}/${next}`, folder | constants.O_NOFOLLOW, rest, work);
}

function entriesPathOf(handle: FileHandle, path: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
}
