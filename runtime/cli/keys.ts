import { hostname } from 'node:os';
import { MillraceError } from '@millrace/contract';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/settings.ts';
import { createLog } from '../log.ts';
import { withAdvisoryLock } from '../postgres/advisory-lock.ts';
import { listHosts } from '../postgres/processes/list-hosts.ts';
import { putNewKey } from '../secrets/key-file.ts';
import { keySource } from '../secrets/master-keys.ts';
import { isSealedAnew, keysInUse, resealAll } from '../secrets/rotate-keys.ts';

/** `millrace keys …`: the master keys under which the secrets of connections are sealed. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('the master keys, under which secrets are sealed');
  keys.command('list').description('each key by its id, with how many secrets are sealed under it').action(list);
  keys
    .command('rotate')
    .description('seal everything under a new key, while the instance works; begun again, it goes on where it was')
    .action(rotate);
}

type Opened = Awaited<ReturnType<typeof open>>;

async function open(config: Config) {
  const { openInstance } = await import('../instance.ts');
  return openInstance({ config, log: createLog('error', process.stderr) });
}

async function atInstance(work: (instance: Opened, config: Config) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env, process.cwd());
  const instance = await open(config);
  try {
    await work(instance, config);
  } finally {
    await instance.close();
  }
}

function list(): Promise<void> {
  return atInstance(async ({ foundation: { database } }, config) => {
    const inUse = await keysInUse(database);
    for (const [index, { id }] of keySource(config).read().entries())
      console.log(`${id}\t${index === 0 ? 'in use' : 'opens only'}\t${inUse.get(id) ?? 0} secrets`);
  });
}

function rotate(): Promise<void> {
  return atInstance(({ foundation, url }, config) =>
    withAdvisoryLock(url, 'rotating the master key', async () => {
      const { database, masterKeys } = foundation;
      if (await isSealedAnew(database, masterKeys)) await makeKey(foundation, config);
      const count = await resealAll(database, masterKeys);
      console.log(`${count} secrets were sealed anew; all are now under the key ${masterKeys.current().id}.`);
      console.log('Keep the former keys for backups that were made before.');
    }),
  );
}

/** @throws {MillraceError} `MASTER_KEY_ELSEWHERE` where a key that is made here would not be known where it is needed */
async function makeKey({ database }: Opened['foundation'], config: Config): Promise<void> {
  const { file, name } = keySource(config);
  if (file === undefined) throw elsewhere(`The keys come from ${name}`);
  const others = (await database.asScanner(listHosts)).filter((host) => host !== hostname());
  if (others.length > 0) throw elsewhere(`Processes on ${others.join(', ')} use this database too`);
  putNewKey(file);
}

function elsewhere(why: string): MillraceError {
  const message = `${why}, so that no key is made here: put a new one behind the others everywhere, then before them everywhere, then rotate.`;
  return new MillraceError('MASTER_KEY_ELSEWHERE', message, { category: 'auth' });
}
