import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, ensureFlow, run } from './flows.ts';
import type { Ended, Target } from './target.ts';

const type = 'files/folder-or-sftp';

/** A shared folder (local, or on a server), with flows that write, read and watch files in it. */
export interface SharedFolder {
  readonly connection: string;
  /** @param ifExists `refuse` unless said otherwise */
  put(name: string, content: string, more?: { readonly folder?: string; readonly ifExists?: string }): Promise<Ended>;
  get(name: string, folder?: string): Promise<Ended>;
  /** Begins to watch `inbox`; answers the id of the flow. @param as `text` or `file` */
  watch(as: 'text' | 'file'): Promise<string>;
}

const once = { attempts: 1 };

/** @param name tells its flows and connection from those of other attacks */
export async function shareFolder(target: Target, name: string, config: object): Promise<SharedFolder> {
  const connection = await connect(target, name, type, config);
  const slots = { connections: { folder: { type } } };
  const bound = { folder: connection };
  const on = { connection: 'folder', retry: once };
  const manual = { type: 'core/manual' };
  const put = { folder: '{% folder %}', name: '{% name %}', content: '{% content %}' };
  const get = { folder: '{% folder %}', name: '{% name %}', as: 'text' };

  async function ensure(what: string, nodes: Parameters<typeof ensureFlow>[1]['nodes']): Promise<string> {
    const id = `${name}-${what}`;
    await ensureFlow(target, { id, nodes, ...slots }, bound);
    return id;
  }

  return {
    connection,
    async put(file, content, { folder = '', ifExists = 'refuse' } = {}) {
      const node = { type: 'files/put', config: { ...put, ifExists }, ...on };
      return run(target, await ensure(`put-${ifExists}`, [manual, node]), { name: file, folder, content });
    },
    async get(file, folder = '') {
      const node = { type: 'files/get', config: get, ...on };
      return run(target, await ensure('get', [manual, node]), { name: file, folder });
    },
    watch(as) {
      const config = { folder: 'inbox', as, every: '1s' };
      const watch = { type: 'files/watch', config, connection: 'folder' };
      return ensure('watch', [watch, { type: 'core/map', config: { expression: '$' } }]);
    },
  };
}

/** A local shared folder in an empty folder of its own, which is removed after the work. @param name see {@link shareFolder} */
export async function withFolder<T>(
  target: Target,
  name: string,
  work: (shared: SharedFolder, root: string, outside: string) => Promise<T>,
): Promise<T> {
  const outside = mkdtempSync(join(tmpdir(), 'millrace-attacks-files-'));
  const root = join(outside, 'shared', 'root');
  mkdirSync(root, { recursive: true });
  try {
    return await work(await shareFolder(target, name, { kind: 'folder', path: root }), root, outside);
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
}

/** Ids of the runs of a flow. */
export async function runsOf(target: Target, flow: string): Promise<string[]> {
  const { json } = await target.call('GET', `/runs?flow=${flow}&limit=100`);
  return json.runs.map(({ id }: { id: string }) => id);
}
