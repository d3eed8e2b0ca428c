import { join, resolve } from 'node:path';
import { defineConnection, MillraceError, type ProbeResult } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { folderStore } from './folder-store.ts';
import { folderSandbox } from './sandbox.ts';

/** `kind` tells one sort of store from another, so that stored configs stay readable when there are more. */
const StoreConfig = Type.Object(
  {
    kind: Type.Literal('folder', {
      title: 'Kind',
      description: 'Sort of store: a folder of files.',
      examples: ['folder'],
    }),
    folder: Type.String({
      title: 'Folder',
      description: 'Absolute path of the folder; created when it is missing.',
      pattern: '^(?:/|[A-Za-z]:[\\\\/])',
      maxLength: 1000,
      examples: ['/srv/millrace/objects'],
    }),
  },
  { additionalProperties: false },
);
export type StoreConfig = Static<typeof StoreConfig>;

export default defineConnection({
  id: 'object-store/store',
  title: 'Object store',
  summary: 'Keeps documents under keys, as files of a folder.',
  config: StoreConfig,
  fromText: (path) => folderConfig(path),
  defaultConfig: ({ home, tenant }) => folderConfig(join(home, 'objects', tenant)),
  probe,
  sandbox: folderSandbox,
});

function folderConfig(path: string): StoreConfig {
  return { kind: 'folder', folder: resolve(path) };
}

/** Puts, reads and removes a small object. */
async function probe({ folder }: StoreConfig): Promise<ProbeResult> {
  const store = folderStore(folder);
  const key = 'millrace-probe.txt';
  try {
    await store.put(key, Buffer.from('probe'));
    await store.get(key);
    await store.remove(key);
    return { ok: true, message: 'An object was written, read and removed.' };
  } catch (thrown) {
    if (thrown instanceof MillraceError) return { ok: false, message: thrown.message };
    throw thrown;
  }
}
