import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, password, peopleOf } from '../http/people.fixture.ts';
import { type Instance, startInstance } from '../http/test-instance.fixture.ts';
import { heartbeat, sayGoodbye } from '../postgres/processes/heartbeat.ts';
import { keySource, masterKeysOf } from '../secrets/master-keys.ts';
import { openedSingleSignOn, setSingleSignOn } from '../single-sign-on/settings.ts';
import type { Ended } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-lost-key-'));
/** Where the commands look for keys: there are none. */
const masterKeyFile = join(folder, 'master.key');
const masterKey = randomBytes(32).toString('base64');
const masterKeys = masterKeysOf(keySource({ masterKey, masterKeyFile: '' }));
const lost = masterKeys.current().id;
let instance: Instance;
let connection: string;
/** May do everything in the database. */
let owner: pg.Client;
const { call, join: joinTenant, signIn, audit } = peopleOf(() => instance);

beforeAll(async () => {
  instance = await startInstance({ masterKeys });
  owner = new pg.Client(instance.databaseUrl);
  await owner.connect();
  const vault = { name: 'Vault', type: 'test/vault', config: { host: 'safe', password: 'right' } };
  connection = (await call('POST', '/connections', vault)).body.id;
  await call('POST', '/alert-channels', { name: 'Hook', url: 'https://alerts.example/hook' });
  const provider = { issuer: 'https://login.example', clientId: 'millrace', domains: ['example.com'] };
  const rules = { newcomers: null, passwords: true, clientSecret: 'of the client' };
  const { database } = instance.api;
  const named = { database: database.by({ who: 'Test', id: null, by: 'instance', address: null }), masterKeys };
  await setSingleSignOn(named, instance.tenants.acme.id, { ...provider, ...rules }, async () => false);
  const ann = await joinTenant('ann@example.com', 'viewer');
  const setup = (await call('POST', '/session/second-factor', { password }, ann)).body;
  expect((await call('POST', '/session/second-factor/confirm', { code: codeOf(setup.secret) }, ann)).status).toBe(204);
});
afterAll(async () => {
  await owner?.end();
  await instance?.stop();
});

function keys(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const command = [commandLine, ...args];
  const given = { DATABASE_URL: instance.databaseUrl, MILLRACE_HOME: folder, MILLRACE_MASTER_KEY_FILE: masterKeyFile };
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(
    process.execPath,
    command,
    { cwd: folder, env: { ...plainEnvironment, ...given, ...env } },
    (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  return promise;
}

describe('R-E4 a master key that is lost', () => {
  test('is named, with what is under it, though no key is there; what is under it is told before it is given up', async () => {
    expect((await keys(['keys', 'list'])).stdout).toBe(`${lost}\tlost\t3 secrets\t1 second factors\n`);
    const { stdout, stderr } = await keys(['keys', 'give-up', lost, '--plan']);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^acme\twebhook for alerts\tHook\tgoes: make it anew/),
      expect.stringMatching(/^acme\/production\tconnection\tVault\tstays, and is not in use/),
      expect.stringMatching(/^acme\tsingle sign-on\thttps:\/\/login\.example\tlets nobody in/),
      expect.stringMatching(/^ann@example\.com\tsecond factor\tis taken off: the password alone/),
      '4 would be given up, for good; nothing was changed.',
    ]);
    expect((await call('GET', `/connections/${connection}`)).body).toMatchObject({ status: 'active' });
    expect(existsSync(masterKeyFile)).toBe(false);
  }, 180_000);

  test('is not given up where it is there, where nothing is under it, or while the instance runs', async () => {
    const present = await keys(['keys', 'give-up', lost], { MILLRACE_MASTER_KEY: masterKey });
    expect(present.stderr).toMatch(/^MASTER_KEY_PRESENT: /);
    expect((await keys(['keys', 'give-up', '0123456789abcdef'])).stderr).toMatch(/^MASTER_KEY_UNUSED: /);
    const id = '00000000-0000-7000-8000-000000000001';
    const process = { id, host: 'elsewhere', pid: 1, version: '0', roles: ['worker'] };
    await instance.api.database.asScanner((tx) => heartbeat(tx, process));
    // However long the command takes to start, the process is seen.
    await owner.query("update millrace.process set seen_at = now() + interval '1 hour'");
    expect((await keys(['keys', 'give-up', lost])).stderr).toMatch(/^INSTANCE_RUNS: Processes on elsewhere use/);
    await instance.api.database.asScanner((tx) => sayGoodbye(tx, id));
  }, 180_000);

  test('given up, its secrets are to be entered again, second factors are off, and the audit tells', async () => {
    const { code, stdout } = await keys(['keys', 'give-up', lost]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n4 were given up\.\n$/) });
    const shown = (await call('GET', `/connections/${connection}`)).body;
    expect(shown).toMatchObject({
      status: 'inactive',
      needsSecrets: true,
      config: { host: 'safe' },
      health: { ok: false, code: 'CONNECTION_SECRET_NEEDED' },
    });
    expect((await call('POST', `/connections/${connection}/test`)).body).toMatchObject({ ok: false });
    expect((await signIn('ann@example.com')).status).toBe(204);
    expect((await call('GET', '/alert-channels')).body.channels).toEqual([]);
    await expect(openedSingleSignOn(instance.api, instance.tenants.acme.id)).rejects.toMatchObject({
      code: 'SINGLE_SIGN_ON_REFUSED',
    });
    const told = (await audit()).filter(({ by }) => by === 'command line').map(({ target }) => target.split('/')[0]);
    expect(told.sort()).toEqual(['alert-channels', 'connections', 'members', 'sign-in']);

    // The instance starts with a key of its own, and the secret that is entered again is sealed under that.
    expect((await keys(['connection', 'list', '--tenant', 'acme'])).stdout).toMatch(/\tinactive: needs its secrets\t/);
    const config = { host: 'safe', password: 'right' };
    expect((await call('PUT', `/connections/${connection}`, { config })).body).toMatchObject({
      status: 'active',
      needsSecrets: false,
    });
  }, 180_000);
});
