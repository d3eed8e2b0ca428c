/** What a thing in a dropzone is. Links, pipes and devices are `other`: they are neither followed nor read. */
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

/**
 * A folder shared with another system, reached as a local folder or by SFTP. Paths are relative to it, `''` is the
 * folder itself; each part must be a plain name. Every operation fails with an error of `trouble.ts`.
 */
export interface Dropzone {
  /** File times are by this machine's clock, so that a file's age can be told. */
  readonly sharesClock: boolean;
  /** The path as the other system's people know it. */
  pathOf(relative: string): string;
  /** Everything in a folder; nothing where the folder does not exist (the dropzone itself must). */
  list(folder: string): Promise<readonly Entry[] | undefined>;
  /** What is at a path, without following a link; nothing where there is nothing. */
  look(relative: string): Promise<Kind | undefined>;
  /** Up to `limit` bytes of a file. */
  read(relative: string, limit: number): Promise<Contents>;
  /** Writes under a temporary name, flushes to disk and renames; an existing file of the name is replaced. */
  writeAtomically(relative: string, temporary: string, bytes: Buffer): Promise<void>;
  /** Renames; the caller has made sure that nothing is at `to`. */
  move(from: string, to: string): Promise<void>;
  /** Removes a file; no error where there is none. */
  remove(relative: string): Promise<void>;
  /** Creates a folder directly under the dropzone where it does not exist yet. */
  ensureFolder(folder: string): Promise<void>;
}
