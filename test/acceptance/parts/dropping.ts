import { existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, call, deploy } from './api.ts';
import { allRuns } from './books.ts';
import { insist } from './insist.ts';
import type { Outcome } from './verdict.ts';

/** A file of five gigabytes without content: only its size is there. */
const large = { name: 'large.bin', bytes: 5_000_000_000 };

export interface Inbox {
  /** For people, and as the flow's id. */
  readonly name: string;
  /** On this machine. */
  readonly folder: string;
  /** The connection's config. */
  readonly config: object;
}

/** Drops the large file and a small one behind it: the small one is taken, the large one put aside with its reason. */
export async function dropLargeFile(api: Api, { name, folder, config }: Inbox): Promise<Outcome> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, large.name), '');
  truncateSync(join(folder, large.name), large.bytes);
  writeFileSync(join(folder, 'small.txt'), 'small');
  const began = performance.now();
  const connection = { name, type: 'files/folder-or-sftp', config };
  const { id } = await call<{ id: string }>(api, 'POST', '/connections', connection);
  await deploy(api, 'watched-file', { connections: { inbox: id } }, name);
  const reasonFile = join(folder, 'error', `${large.name}.reason.json`);
  await insist(`${large.name} is put aside`, async () => (existsSync(reasonFile) ? true : undefined));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const runs = await insist('the small file has had its run', async () => {
    const ended = (await allRuns(api, name)).filter(({ status }) => status === 'succeeded');
    return ended.length > 0 ? ended : undefined;
  });
  const { error } = JSON.parse(readFileSync(reasonFile, 'utf8')) as { error: { code: string } };
  const kept = statSync(join(folder, 'error', large.name)).size;
  return {
    what: `5 GB dropped into ${name}`,
    seen: `${error.code} after ${seconds} s, kept whole in “error”; ${runs.length} run for the small file`,
    holds: error.code === 'BLOB_TOO_LARGE' && kept === large.bytes && runs.length === 1,
  };
}
