import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { MillraceError } from '@millrace/contract';
import type { Command } from 'commander';
import type { Auth } from '../auth/auth.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/settings.ts';
import { guardedNetwork } from '../engine/guarded-fetch.ts';
import { createLog } from '../log.ts';
import { withAdvisoryLock } from '../postgres/advisory-lock.ts';
import type { Database } from '../postgres/database.ts';
import { listHosts } from '../postgres/processes/list-hosts.ts';
import type { SealedPlace } from '../postgres/secrets/sealed-rows.ts';
import type { MasterKeys } from '../secrets/envelope.ts';
import {
  giveUpSecrets,
  type LostTenantSecret,
  requireAbsent,
  requireAtRest,
  secretsUnder,
} from '../secrets/give-up-key.ts';
import { putNewKey } from '../secrets/key-file.ts';
import { keySource, masterKeyFrom, onlyKey } from '../secrets/master-keys.ts';
import { isSealedAnew, keysInUse, resealAll } from '../secrets/rotate-keys.ts';
import { atDatabase, commandLine } from './at-database.ts';
import { printRow } from './print-row.ts';

/** `millrace keys …`: the master keys under which the secrets of connections are sealed. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('the master keys, under which secrets are sealed');
  keys
    .command('list')
    .description('each key by its id, with how many secrets are sealed under it; those that are lost too')
    .action(list);
  keys
    .command('rotate')
    .description('seal everything under a new key, while the instance works; begun again, it goes on where it was')
    .action(rotate);
  keys
    .command('give-up <key>')
    .description('give up what is sealed under a key that is lost for good, so that the instance starts without it')
    .option('--plan', 'only tell what that is, and what becomes of it')
    .action(giveUp);
}

type Opened = Awaited<ReturnType<typeof open>>;

async function open(config: Config) {
  const { openInstance } = await import('../instance.ts');
  return openInstance({ config, log: createLog('error', process.stderr), withoutEngine: true });
}

/** What is asked of an instance that need not have its keys. */
interface Keyless {
  readonly database: Database;
  readonly secondFactors: Auth['lostSecondFactors'];
  /** Keys that there are, the one that seals first. */
  readonly known: readonly string[];
}

function withoutKeys(work: (keyless: Keyless) => Promise<void>): Promise<void> {
  return atDatabase(async ({ config, url, database }) => {
    const { openAuth } = await import('../auth/auth.ts');
    const network = guardedNetwork(config.privateAddresses);
    const log = createLog('error', process.stderr);
    const auth = await openAuth({ url, database, masterKeys: noKeys(), network, publicUrl: 'http://127.0.0.1', log });
    const known = keysThere(config);
    await work({ database, secondFactors: auth.lostSecondFactors, known }).finally(() => auth.close());
  });
}

/** Nothing is opened or sealed, and accounts want a key to be opened with. */
function noKeys(): MasterKeys {
  return onlyKey(masterKeyFrom(randomBytes(32)));
}

function keysThere(config: Config): readonly string[] {
  const source = keySource(config);
  if (source.file !== undefined && !existsSync(source.file)) return [];
  return source.read().map(({ id }) => id);
}

function list(): Promise<void> {
  return withoutKeys(async ({ database, secondFactors, known }) => {
    const inUse = await keysInUse(database);
    for (const id of new Set([...known, ...inUse.keys()])) {
      const state = id === known[0] ? 'in use' : known.includes(id) ? 'opens only' : 'lost';
      const factors = await secondFactors.under(id);
      printRow(
        id,
        state,
        `${inUse.get(id) ?? 0} secrets`,
        ...(factors.length > 0 ? [`${factors.length} second factors`] : []),
      );
    }
  });
}

function giveUp(keyId: string, { plan = false }: { readonly plan?: boolean }): Promise<void> {
  return withoutKeys(async ({ database, secondFactors, known }) => {
    requireAbsent(keyId, known);
    if (!plan) await requireAtRest(database);
    const [secrets, factors] = [await secretsUnder(database, keyId), await secondFactors.under(keyId)];
    for (const { tenant, secret } of secrets)
      printRow(placeOf(tenant, secret), whatOf[secret.place], secret.name, fateOf[secret.place]);
    for (const email of factors)
      printRow(
        email,
        'second factor',
        'is taken off: the password alone opens the account until another one is set up',
      );
    const count = secrets.length + factors.length;
    if (count === 0) throw new MillraceError('MASTER_KEY_UNUSED', `Nothing is sealed under the master key “${keyId}”.`);
    if (plan) return console.log(`${count} would be given up, for good; nothing was changed.`);
    await giveUpSecrets(database, commandLine(), keyId);
    await secondFactors.giveUp(keyId, commandLine());
    console.log(`${count} were given up.`);
  });
}

function placeOf({ slug }: LostTenantSecret['tenant'], { environment }: LostTenantSecret['secret']): string {
  return environment === null ? slug : `${slug}/${environment}`;
}

const whatOf: Readonly<Record<SealedPlace, string>> = {
  connection: 'connection',
  grant: 'OAuth 2 tokens of the connection',
  channel: 'webhook for alerts',
  singleSignOn: 'single sign-on',
};

const fateOf: Readonly<Record<SealedPlace, string>> = {
  connection: 'stays, and is not in use before its secrets are entered again',
  grant: 'go: it logs in anew, and where a person has authorised it, somebody must again',
  channel: 'goes: make it anew, and give its receiver the new secret',
  singleSignOn: 'lets nobody in before the secret of the client is entered again',
};

async function rotate(): Promise<void> {
  const config = loadConfig(process.env, process.cwd());
  const instance = await open(config);
  try {
    await withAdvisoryLock(instance.url, 'rotating the master key', () => sealAnew(instance.foundation, config));
  } finally {
    await instance.close();
  }
}

async function sealAnew(foundation: Opened['foundation'], config: Config): Promise<void> {
  const { database, masterKeys } = foundation;
  if (await isSealedAnew(database, masterKeys)) await makeKey(foundation, config);
  const count = await resealAll(database, masterKeys);
  console.log(`${count} secrets were sealed anew; all are now under the key ${masterKeys.current().id}.`);
  console.log('Keep the former keys for backups that were made before.');
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
