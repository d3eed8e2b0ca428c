import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import type { Entry, Kind } from '../file-exchange.ts';
import { isPlainName } from '../names.ts';
import { orNothing } from '../trouble.ts';
import type { Anchor } from './anchor.ts';
import { told } from './failure.ts';

/** Everything in an open folder. A name that some system takes for a path is left out, as nobody may reach it. */
export async function entriesOf({ path }: Anchor): Promise<Entry[]> {
  const names = (await readdir(path)).filter(isPlainName);
  const entries = await Promise.all(names.map((name) => entryOf(path, name)));
  return entries.filter((entry) => entry !== undefined);
}

/** An entry itself, not what it links to; nothing where there is none. */
export async function entryOf(folder: string, name: string): Promise<Entry | undefined> {
  const found = await orNothing(told(name, 'file-missing', () => lstat(`${folder}/${name}`)));
  return found && { name, kind: kindOf(found), size: found.size, modifiedMs: found.mtimeMs };
}

function kindOf(found: Stats): Kind {
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'folder' : 'other';
}
