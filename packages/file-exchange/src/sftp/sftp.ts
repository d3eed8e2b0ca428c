import { posix } from 'node:path';
import type { SftpConfig } from '../connection/config.ts';
import type { Entry, FileExchange } from '../file-exchange.ts';
import { partsOf, placeOf, within } from '../names.ts';
import { exchangeError, orNothing } from '../trouble.ts';
import { entriesOf, entryOf, requireFolder, statOf } from './look.ts';
import { contentsOf } from './read.ts';
import type { Remote } from './request.ts';
import type { Session } from './session.ts';
import { makeFolder, removeIfThere, renameAnew, renameOver, writeAtomically } from './write.ts';

/** A shared folder on an SFTP server, over a connection that is open. */
export function sftpExchange(config: SftpConfig, session: Session, signal: AbortSignal): FileExchange {
  const at = (relative: string) => posix.join(config.path, relative);
  const remote: Remote = { session, signal };

  /** Every folder on the way, from the first below the shared one. */
  async function enter(parts: readonly string[]): Promise<void> {
    for (const depth of parts.keys()) await requireFolder(remote, at(parts.slice(0, depth + 1).join('/')), false);
  }

  /** The path of a file, once the folders on the way to it have been looked at. */
  async function reach(relative: string): Promise<string> {
    const { folder } = placeOf(relative);
    await enter(folder);
    return at(relative);
  }

  async function list(folder: string): Promise<readonly Entry[] | undefined> {
    const parts = partsOf(folder);
    if (folder === '') {
      await requireFolder(remote, at(''), true);
      return await entriesOf(remote, at(''));
    }
    return await orNothing(enter(parts).then(() => entriesOf(remote, at(folder))));
  }

  async function look(relative: string): Promise<Entry | undefined> {
    if (relative === '') throw exchangeError('not-a-file', at(''));
    const path = await orNothing(reach(relative));
    const found = path === undefined ? undefined : await statOf(remote, path, false);
    return found && entryOf(placeOf(relative).name, found);
  }

  async function* stream(relative: string): AsyncGenerator<Uint8Array> {
    yield* contentsOf(remote, await reach(relative));
  }

  async function ensureFolder(folder: string): Promise<void> {
    const parts = partsOf(folder);
    for (const depth of parts.keys()) {
      const path = at(parts.slice(0, depth + 1).join('/'));
      await makeFolder(remote, path);
      await requireFolder(remote, path, false);
    }
  }

  return {
    sharesClock: false,
    pathOf: at,
    list,
    look,
    stream,
    async write(relative, temporary, content, ifExists) {
      const { folder } = placeOf(relative);
      const temporaryPath = at(within(folder.join('/'), placeOf(temporary).name));
      await writeAtomically(remote, await reach(relative), temporaryPath, content, ifExists);
    },
    rename: async (from, to) => renameOver(remote, await reach(from), await reach(to)),
    move: async (from, to) => renameAnew(remote, await reach(from), await reach(to)),
    async remove(relative) {
      const path = await orNothing(reach(relative));
      if (path !== undefined) await removeIfThere(remote, path);
    },
    ensureFolder,
  };
}
