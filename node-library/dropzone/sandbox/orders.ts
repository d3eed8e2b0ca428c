import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Json, readJson } from '@millrace/contract';
import { type OrderName, orderNameOf } from '../ack/file-names.ts';

/** An order file as the ERP's side sees it. */
export interface OrderFile extends OrderName {
  readonly name: string;
  /** Folder under the dropzone: `out`, `archive`, or `''` for the dropzone itself. */
  readonly folder: string;
}

/** Names of the visible files of a folder, sorted; none where it does not exist. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

export async function ordersIn(root: string, folder: string): Promise<OrderFile[]> {
  const names = await filesIn(join(root, folder));
  return names.flatMap((name) => {
    const order = orderNameOf(name);
    return order ? [{ name, folder, ...order }] : [];
  });
}

/** Orders that lie there unread, in `out` and in the dropzone itself. */
export async function unreadOrders(root: string): Promise<OrderFile[]> {
  return [...(await ordersIn(root, 'out')), ...(await ordersIn(root, ''))];
}

/** The document, or nothing where the file is no JSON. */
export async function orderDocument(root: string, { folder, name }: OrderFile): Promise<Json | undefined> {
  const text = await readFile(join(root, folder, name), 'utf8');
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

export async function lyingSinceMs(root: string, { folder, name }: OrderFile): Promise<number> {
  return Date.now() - (await stat(join(root, folder, name))).mtimeMs;
}
