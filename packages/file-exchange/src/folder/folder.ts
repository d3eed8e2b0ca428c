import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry, FileExchange } from '../file-exchange.ts';
import { partsOf, placeOf } from '../names.ts';
import { cancelled, exchangeError, orNothing } from '../trouble.ts';
import { type Anchor, inFolder } from './anchor.ts';
import { told } from './failure.ts';
import { entriesOf, entryOf } from './look.ts';
import { contentsOf, openToRead } from './read.ts';
import { makeFolder, renameAnew, renameOver, writeAtomically } from './write.ts';

/** A shared folder of this machine, or mounted on it. */
export function folderExchange(root: string, signal: AbortSignal): FileExchange {
  const at = (relative: string) => join(root, relative);

  /** Does something in a folder below the root; what is wrong with the folder is told of the folder. */
  async function entering<T>(parts: readonly string[], work: (anchor: Anchor) => Promise<T>): Promise<T> {
    if (signal.aborted) throw cancelled(signal.reason);
    return await told(at(parts.join('/')), 'folder-missing', () => inFolder(root, parts, work));
  }

  /** Does something to a file; what is wrong with the file is told of the file. */
  async function on<T>(relative: string, work: (anchor: Anchor, name: string) => Promise<T>): Promise<T> {
    const { folder, name } = placeOf(relative);
    return await entering(folder, (anchor) => told(at(relative), 'file-missing', () => work(anchor, name)));
  }

  /** Gives a file another place, by one of the ways to rename. */
  async function rehoused(from: string, to: string, how: (from: string, to: string, where: string) => Promise<void>) {
    await on(from, ({ path: source }, name) =>
      on(to, ({ path }, newName) =>
        told(at(from), 'file-missing', () => how(`${source}/${name}`, `${path}/${newName}`, at(to))),
      ),
    );
  }

  async function list(folder: string): Promise<readonly Entry[] | undefined> {
    const listed = entering(partsOf(folder), entriesOf);
    return await (folder === '' ? listed : orNothing(listed));
  }

  async function look(relative: string): Promise<Entry | undefined> {
    if (relative === '') throw exchangeError('not-a-file', root);
    return await orNothing(on(relative, ({ path }, name) => entryOf(path, name)));
  }

  async function* stream(relative: string): AsyncGenerator<Uint8Array> {
    yield* contentsOf(await on(relative, openToRead), at(relative), signal);
  }

  async function ensureFolder(folder: string): Promise<void> {
    const parts = partsOf(folder);
    for (const [depth, name] of parts.entries()) {
      await entering(parts.slice(0, depth), (anchor) => makeFolder(anchor, name));
    }
    await entering(parts, async () => undefined);
  }

  return {
    sharesClock: true,
    pathOf: at,
    list,
    look,
    stream,
    write: (relative, temporary, content, ifExists) =>
      on(relative, (anchor, name) =>
        told(at(relative), 'folder-missing', () => {
          const writing = { name, temporary: placeOf(temporary).name, content, ifExists, where: at(relative) };
          return writeAtomically(anchor, writing, signal);
        }),
      ),
    rename: (from, to) => rehoused(from, to, renameOver),
    move: (from, to) => rehoused(from, to, renameAnew),
    remove: (relative) => orNothing(on(relative, ({ path }, name) => rm(`${path}/${name}`, { force: true }))),
    ensureFolder,
  };
}
