import type { Attributes, Stats } from 'ssh2';
import type { Entry, Kind } from '../file-exchange.ts';
import { isPlainName } from '../names.ts';
import { exchangeError, orNothing } from '../trouble.ts';
import { asked, type Remote } from './request.ts';

/** What is at a path; nothing where there is nothing. */
export function statOf(remote: Remote, path: string, follow: boolean): Promise<Stats | undefined> {
  return orNothing(
    asked<Stats>(remote, path, 'file-missing', (sftp, answer) =>
      follow ? sftp.stat(path, answer) : sftp.lstat(path, answer),
    ),
  );
}

/**
 * Makes sure that a path is a folder. The shared folder itself may be a link, as its operator chose; a link inside it
 * was perhaps put there by somebody else. Somebody quick may still swap the folder afterwards: the protocol has no
 * way to hold one open, and what lies outside is for the server's own rights to guard.
 * @throws {MillraceError} `FOLDER_MISSING`
 */
export async function requireFolder(remote: Remote, path: string, isRoot: boolean): Promise<void> {
  const found = await statOf(remote, path, isRoot);
  if (!found || kindOf(found) !== 'folder') throw exchangeError('folder-missing', path);
}

type Listed = { filename: string; attrs: Attributes };

/** Everything in a folder. Names that are paths are left out: a hostile server may list what it likes. */
export async function entriesOf(remote: Remote, path: string): Promise<Entry[]> {
  const listed = await asked<Listed[]>(remote, path, 'folder-missing', (sftp, answer) => sftp.readdir(path, answer));
  return listed.filter(({ filename }) => isPlainName(filename)).map(({ filename, attrs }) => entryOf(filename, attrs));
}

export function entryOf(name: string, attributes: Attributes): Entry {
  return { name, kind: kindOf(attributes), size: attributes.size, modifiedMs: attributes.mtime * 1000 };
}

/** The type bits of a POSIX mode. */
export function kindOf({ mode }: Attributes): Kind {
  const type = mode & 0o170000;
  if (type === 0o100000) return 'file';
  return type === 0o040000 ? 'folder' : 'other';
}
