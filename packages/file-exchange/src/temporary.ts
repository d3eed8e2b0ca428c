import { createHash, randomBytes } from 'node:crypto';
import type { FileExchange } from './file-exchange.ts';
import { within } from './names.ts';
import { orNothing } from './trouble.ts';

const temporaryName = /^\..+\.[0-9a-f]{12}\.[0-9a-f]{8}\.tmp$/;
const abandonedAfterMs = 24 * 3_600_000;

/**
 * A hidden name for a file while it is written. The key is the step's and equal on its retries, so that a retry finds
 * what the attempt before it left; the random part keeps a worker that lost its lease in mid-write from renaming its
 * successor's half-written file.
 */
export function temporaryNameOf(fileName: string, key: string): string {
  return `${prefixOf(fileName, key)}${randomBytes(4).toString('hex')}.tmp`;
}

function prefixOf(fileName: string, key: string): string {
  return `.${fileName}.${createHash('sha256').update(key).digest('hex').slice(0, 12)}.`;
}

/** Removes what an attempt that died left behind; should that attempt still be alive, its rename now fails. */
export async function clearTemporaries(
  exchange: FileExchange,
  folder: string,
  fileName: string,
  key: string,
): Promise<void> {
  const prefix = prefixOf(fileName, key);
  for (const { name } of (await exchange.list(folder)) ?? []) {
    if (name.startsWith(prefix) && temporaryName.test(name)) await exchange.remove(within(folder, name));
  }
}

/**
 * Removes temporary files of ours that nobody has written to for a day: their runs were cancelled or failed for good.
 * @param nowMs the present by the clock of the machine that holds the files, or near it
 */
export async function sweepTemporaries(exchange: FileExchange, folder: string, nowMs: number): Promise<void> {
  for (const { name, kind, modifiedMs } of (await orNothing(exchange.list(folder))) ?? []) {
    const abandoned = kind === 'file' && temporaryName.test(name) && nowMs - modifiedMs > abandonedAfterMs;
    if (abandoned) await exchange.remove(within(folder, name));
  }
}
