import { randomBytes } from 'node:crypto';
import { type Entry, type FileExchange, fitsGlob, isTrouble, orNothing, within } from '@millrace/file-exchange';
import type { Folders } from './folders.ts';
import { oldestFirst } from './inbox.ts';

/** A file that this watch has taken out of the inbox. */
export interface Claimed {
  /** Where it lies. */
  readonly path: string;
  /** As it was called in the inbox. */
  readonly name: string;
  /** As it looked when it was claimed or found claimed: bytes, and milliseconds since 1970. */
  readonly size: number;
  readonly modifiedMs: number;
}

/** Never used twice, so that nobody moves another file than the one that he read. */
const claimedName = /^[0-9a-f]{16}\.(.+)$/s;

/**
 * Takes a file out of the inbox, so that nobody else takes it and nothing can be put in its place. Nothing where
 * somebody was quicker, or where the file has changed since it was looked at: then it is put back.
 */
export async function claim(exchange: FileExchange, folders: Folders, entry: Entry): Promise<Claimed | undefined> {
  const inInbox = within(folders.inbox, entry.name);
  const path = within(folders.processing, `${randomBytes(8).toString('hex')}.${entry.name}`);
  await orNothing(exchange.rename(inInbox, path));
  const taken = await exchange.look(path);
  if (!taken) return undefined;
  if (taken.kind === entry.kind && taken.size === entry.size && taken.modifiedMs === entry.modifiedMs) {
    return { path, name: entry.name, size: entry.size, modifiedMs: entry.modifiedMs };
  }
  await orNothing(exchange.move(path, inInbox)).catch(unlessTaken);
  return undefined;
}

/** Its writer has begun a new file of the name: this one stays claimed, and is taken at the next look. */
function unlessTaken(error: unknown): void {
  if (!isTrouble(error, 'exists')) throw error;
}

/** Files that a watch took and did not finish: it died, or was kept from it. Other patterns are other watches. */
export async function claimedBefore(exchange: FileExchange, folders: Folders, pattern: string): Promise<Claimed[]> {
  const entries = (await exchange.list(folders.processing)) ?? [];
  return oldestFirst(entries.filter(({ kind }) => kind !== 'folder')).flatMap((entry) => {
    const name = claimedName.exec(entry.name)?.[1];
    if (name === undefined || !fitsGlob(pattern, name)) return [];
    const { size, modifiedMs } = entry;
    return [{ path: within(folders.processing, entry.name), name, size, modifiedMs }];
  });
}
