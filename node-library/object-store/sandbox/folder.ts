import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Json, Sandbox, SandboxOptions } from '@millrace/contract';
import { type ObjectStorage, openObjectStorage } from '@millrace/object-storage';
import Type from 'typebox';
import { checkedAct } from './act.ts';
import { contentOf } from './content.ts';

const Act = Type.Object({ act: Type.Enum(['down', 'up']) }, { additionalProperties: false });

/**
 * A folder that plays the store. Acts: `{ "act": "down" }` puts it out of order as an unmounted disk would be,
 * `{ "act": "up" }` brings it back with everything in it. State: `{ "objects": { "<key>": content } }`, JSON parsed.
 */
export async function folderSandbox(options: Pick<SandboxOptions, 'folder'>): Promise<Sandbox> {
  const folder = join(options.folder, 'objects');
  const away = join(options.folder, 'objects-away');
  await mkdir(folder);
  const acts = {
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
    act: async (act) => acts[checkedAct(Act, act, 'down and up').act](),
    state: async () => ({ objects: await objectsIn(openObjectStorage({ kind: 'folder', folder })) }),
    stop: async () => {},
  };
}

async function objectsIn(store: ObjectStorage): Promise<Record<string, Json>> {
  const objects: Record<string, Json> = {};
  for await (const { key } of store.list()) objects[key] = contentOf(await text((await store.get(key)).content));
  return objects;
}
