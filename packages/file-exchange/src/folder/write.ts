import type { Stats } from 'node:fs';
import { link, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import type { IfExists } from '../file-exchange.ts';
import { cancelled, exchangeError } from '../trouble.ts';
import type { Anchor } from './anchor.ts';

export interface Writing {
  readonly name: string;
  readonly temporary: string;
  readonly content: AsyncIterable<Uint8Array>;
  readonly ifExists: IfExists;
  /** The file, for people. */
  readonly where: string;
}

/** Writes into an open folder: whole under the final name, or nothing at all. */
export async function writeAtomically(anchor: Anchor, writing: Writing, signal: AbortSignal): Promise<void> {
  const temporary = `${anchor.path}/${writing.temporary}`;
  try {
    await writeDurably(temporary, writing.content, signal);
    if (signal.aborted) throw cancelled(signal.reason);
    await giveName(anchor, temporary, writing);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  // Makes the rename itself survive a power cut.
  await anchor.handle.sync();
}

async function writeDurably(path: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  await using handle = await open(path, 'wx');
  for await (const bytes of content) await handle.writeFile(bytes, { signal });
  await handle.sync();
}

async function giveName(anchor: Anchor, temporary: string, { name, ifExists, where }: Writing): Promise<void> {
  await (ifExists === 'refuse' ? renameAnew : renameOver)(temporary, `${anchor.path}/${name}`, where);
}

/** Renames in one step, replacing a file that has the new name, and nothing else. */
export async function renameOver(from: string, to: string, where: string): Promise<void> {
  const present = await statIfThere(to);
  if (present && !present.isFile()) throw exchangeError('not-a-file', where);
  await rename(from, to);
}

/**
 * Renames a file where nothing has the new name. A link fails where something has it, without a gap between look and
 * deed; a file system that knows no links (FAT, some network folders) is looked at first.
 */
export async function renameAnew(from: string, to: string, where: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw exchangeError('exists', where, error);
    if (!isCode(error, ...noLinks)) throw error;
    if (await statIfThere(to)) throw exchangeError('exists', where, error);
    return await rename(from, to);
  }
  await rm(from, { force: true });
}

/** What a file system says that makes no link to this file; `EPERM` also for a folder, and for others' files on Linux. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch(() => undefined);
}

/** Creates a folder in an open one where it does not exist yet; a link or file in its place shows when it is entered. */
export async function makeFolder({ path }: Anchor, name: string): Promise<void> {
  await mkdir(`${path}/${name}`).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error;
  });
}
