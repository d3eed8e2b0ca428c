import { type Json, MillraceError, writeJson } from '@millrace/contract';
import {
  contentOf,
  type FileExchange,
  isTrouble,
  numberedNames,
  orNothing,
  temporaryNameOf,
  unfitName,
  within,
} from '@millrace/file-exchange';

/**
 * Moves a file into a folder, under a number where the name is taken; it never replaces one. Nothing where the file is
 * gone.
 * @returns the name that it got
 */
export async function setAside(
  exchange: FileExchange,
  from: string,
  folder: string,
  name: string,
): Promise<string | undefined> {
  await exchange.ensureFolder(folder);
  for (const candidate of numberedNames(fitName(name))) {
    try {
      const moved = exchange.move(from, within(folder, candidate)).then(() => candidate);
      return await orNothing(moved);
    } catch (error) {
      if (!isTrouble(error, 'exists')) throw error;
    }
  }
  return undefined;
}

/** A refused file and, beside it, why: `<name>.reason.json`. */
export async function setAsideWithReason(
  exchange: FileExchange,
  from: string,
  folder: string,
  name: string,
  { error, at }: { readonly error: MillraceError; readonly at: Date },
): Promise<void> {
  const kept = await setAside(exchange, from, folder, name);
  if (kept === undefined) return;
  const reason: Json = {
    file: name.toWellFormed(),
    refusedAt: at.toISOString(),
    error: error.toData() as unknown as Json,
  };
  const path = within(folder, `${kept}.reason.json`);
  const temporary = within(folder, temporaryNameOf(kept, path));
  await exchange.write(path, temporary, contentOf(Buffer.from(`${writeJson(reason, 2)}\n`)), 'replace');
}

/** A file whose name cannot be taken into a flow. */
export function refusedName(name: string): MillraceError | undefined {
  const reason = unfitName(name);
  if (reason === undefined) return undefined;
  return new MillraceError('INVALID_FILE_NAME', `${JSON.stringify(name)} is no name to work with: ${reason}.`);
}

/** The name itself where every system can keep it, otherwise one like it. */
function fitName(name: string): string {
  if (unfitName(name) === undefined) return name.normalize('NFC');
  return `refused_${name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 100)}`.replace(/\.+$/, '');
}
