import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isObject, type Json, MillraceError, readJson, type Sandbox, type SandboxOptions } from '@millrace/contract';
import { incoming } from './object-key.ts';

/**
 * A folder that plays the store. Acts: `{ "act": "down" }` puts it out of order as an unmounted disk would be,
 * `{ "act": "up" }` brings it back with everything in it. State: `{ "objects": { "<key>": content } }`, JSON parsed.
 */
export async function folderSandbox(options: SandboxOptions): Promise<Sandbox> {
  const folder = join(options.folder, 'objects');
  const away = join(options.folder, 'objects-away');
  await mkdir(folder);
  const acts: Readonly<Record<string, () => Promise<void>>> = {
    down: async () => {
      await rename(folder, away);
      await writeFile(folder, '');
    },
    up: async () => {
      await rm(folder);
      await rename(away, folder);
    },
  };
  return {
    config: { kind: 'folder', folder },
    act: (act) => actOf(acts, act)(),
    state: async () => ({ objects: await objectsIn(folder) }),
    stop: async () => {},
  };
}

function actOf(acts: Readonly<Record<string, () => Promise<void>>>, act: Json): () => Promise<void> {
  const known = isObject(act) && typeof act.act === 'string' ? acts[act.act] : undefined;
  if (!known)
    throw new MillraceError('SANDBOX_ACT_UNKNOWN', `The object store's acts are ${Object.keys(acts).join(' and ')}.`);
  return known;
}

async function objectsIn(folder: string): Promise<Record<string, Json>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = paths.filter((path) => !path.startsWith(join(folder, incoming) + sep)).sort();
  const pairs = kept.map(async (path) => [relative(folder, path).replaceAll(sep, '/'), await contentOf(path)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

async function contentOf(path: string): Promise<Json> {
  const text = await readFile(path, 'utf8');
  try {
    return readJson(text);
  } catch {
    return text;
  }
}
