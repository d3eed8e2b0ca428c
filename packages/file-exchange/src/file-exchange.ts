/** What a thing in a folder is. Links, pipes and devices are `other`: they are neither followed nor read. */
export type Kind = 'file' | 'folder' | 'other';

export interface Entry {
  readonly name: string;
  readonly kind: Kind;
  /** Bytes. */
  readonly size: number;
  /** Last change in milliseconds since 1970, by the clock of the machine that holds the files. */
  readonly modifiedMs: number;
}

export interface Contents {
  readonly bytes: Buffer;
  /** The file is longer than what was asked for. */
  readonly truncated: boolean;
}

/** What becomes of a file that has the name already. Anything but a file is never replaced. */
export type IfExists = 'replace' | 'refuse';

/**
 * A folder shared with another system, reached as a local folder or by SFTP. Paths are relative to it, `''` is the
 * folder itself; each part must be a plain name (`INVALID_FILE_NAME`). Folders inside it that are links are taken for
 * missing. Every operation fails with an error of `trouble.ts`.
 */
export interface FileExchange {
  /** File times are by this machine's clock, so that a file's age can be told. */
  readonly sharesClock: boolean;
  /** The path as the other system's people know it. */
  pathOf(relative: string): string;
  /** Everything in a folder; nothing where the folder does not exist (the shared folder itself must). */
  list(folder: string): Promise<readonly Entry[] | undefined>;
  /** What is at a path, without following a link; nothing where there is nothing. */
  look(relative: string): Promise<Entry | undefined>;
  /** A whole file, piece by piece, never held in memory. Errors: `FILE_CHANGED` when it is not read as it was found. */
  stream(relative: string): AsyncIterable<Uint8Array>;
  /**
   * Writes under a temporary name beside the file, flushes to disk and renames, so that the file is whole or not there;
   * what fails leaves no temporary file. Errors: `FILE_EXISTS`.
   */
  write(relative: string, temporary: string, content: AsyncIterable<Uint8Array>, ifExists: IfExists): Promise<void>;
  /**
   * Gives a file another name or folder in one step, replacing a file that has it; of several that take one file away,
   * one succeeds and the others miss it. Errors: `NOT_A_FILE` where something else has the name.
   */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file another name or folder that is free. Errors: `FILE_EXISTS`. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file or link; no error where there is none. */
  remove(relative: string): Promise<void>;
  /** Creates a folder, and those above it, where they do not exist yet. */
  ensureFolder(folder: string): Promise<void>;
}
