import type { FileExchange } from './file-exchange.ts';
import { within } from './names.ts';

/**
 * The path under which a name lies in a folder, should the other system have spelt it in another Unicode form (a Mac
 * writes `ö` as two characters): two spellings of one name are one file. Where there is none, the path of the name as
 * given. A name that has one spelling only costs no look.
 */
export async function spelledPath(exchange: FileExchange, folder: string, name: string): Promise<string> {
  const path = within(folder, name);
  if (name.normalize('NFD') === name.normalize('NFC') || (await exchange.look(path))) return path;
  const entries = (await exchange.list(folder)) ?? [];
  const twin = entries.find((entry) => entry.name.normalize('NFC') === name.normalize('NFC'));
  return twin ? within(folder, twin.name) : path;
}
