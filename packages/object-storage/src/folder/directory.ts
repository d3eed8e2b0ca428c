import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidKey } from '../object-key.ts';
import { ignore, isNoPlainFolder } from './failure.ts';

/** A folder that is held open, so that what is done in it happens in it, wherever its name leads meanwhile. */
export interface Directory {
  readonly handle: FileHandle;
  readonly path: string;
}

const folderItself = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

export async function openDirectory(path: string): Promise<Directory> {
  return { handle: await open(path, folderItself), path };
}

/**
 * The path of an entry. On Linux it goes through the open handle, as `openat` would, so that nobody can swap a folder for
 * a symbolic link between the look and the act. Elsewhere it goes by name: there a link is refused when it is there at
 * the time of the look.
 */
export function entryOf({ handle, path }: Directory, name: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${handle.fd}/${name}` : join(path, name);
}

/** Folders one below the other, all held open. */
export class DirectoryPath {
  readonly #open: [Directory, ...Directory[]];

  private constructor(root: Directory) {
    this.#open = [root];
  }

  /**
   * Opens the folders below the root, none of them through a symbolic link.
   * @throws what the system says (`ENOENT`, `ENOTDIR`), the path being closed again
   */
  static async open(root: string, names: readonly string[]): Promise<DirectoryPath> {
    return DirectoryPath.#descend(root, names, async () => undefined);
  }

  /** The same, making folders that are missing. @throws {MillraceError} `OBJECT_KEY_INVALID` */
  static async make(root: string, names: readonly string[]): Promise<DirectoryPath> {
    const make = (path: string) => mkdir(path).catch(ignore('EEXIST'));
    return DirectoryPath.#descend(root, names, make).catch((thrown: unknown) => {
      if (names.length > 0 && isNoPlainFolder(thrown))
        throw invalidKey('leads through another object or a symbolic link');
      throw thrown;
    });
  }

  static async #descend(
    root: string,
    names: readonly string[],
    prepare: (path: string) => Promise<unknown>,
  ): Promise<DirectoryPath> {
    const path = new DirectoryPath(await openDirectory(root));
    try {
      for (const name of names) {
        const next = entryOf(path.last, name);
        await prepare(next);
        path.#open.push(await openDirectory(next));
      }
      return path;
    } catch (thrown) {
      await path.close();
      throw thrown;
    }
  }

  get last(): Directory {
    return this.#open.at(-1) as Directory;
  }

  /** A rename survives a power cut only once its folder is flushed, and so does every folder made on the way. */
  async flush(): Promise<void> {
    for (const { handle } of this.#open.toReversed()) await handle.sync();
  }

  async close(): Promise<void> {
    for (const { handle } of this.#open) await handle.close();
  }
}
