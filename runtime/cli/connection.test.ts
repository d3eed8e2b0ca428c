import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, startInstance } from '../http/test-instance.fixture.ts';
import { keySource, masterKeysOf } from '../secrets/master-keys.ts';

const masterKey = randomBytes(32).toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-connection-'));
/** A server that the commands share the database with. */
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ masterKeys: masterKeysOf(keySource({ masterKey, masterKeyFile: '' })) });
});
afterAll(() => instance?.stop());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `millrace connection …` of the tenant acme, as users call it. */
function connection(args: readonly string[], input?: unknown): Promise<Ended> {
  const command = [commandLine, 'connection', ...args, '--tenant', 'acme'];
  const env = { ...plainEnvironment, DATABASE_URL: instance.databaseUrl, MILLRACE_MASTER_KEY: masterKey };
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(process.execPath, command, { cwd: folder, env }, (_error, stdout, stderr) =>
    resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  child.stdin?.end(JSON.stringify(input ?? {}));
  return promise;
}

test('R-E4 a connection is made, tested, rotated, listed, shown and deleted by the command line', async () => {
  const made = await connection(
    ['create', '--name', 'Sender', '--type', 'core/webhook-secret', '--config', '-', '--environment', 'sandbox'],
    { current: 'canary of the sender' },
  );
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const id = made.stdout.trim();
  const file = join(folder, 'secrets.json');
  writeFileSync(file, JSON.stringify({ current: 'canary of tomorrow' }));
  const rotated = await connection(['rotate', 'Sender', '--secrets', file, '--keep-for', 'PT1H']);
  expect(rotated.stdout).toMatch(/^In use from now on; the former one until .*Z\.\n$/);
  const tested = await connection(['test', id]);
  expect(tested).toMatchObject({ code: 0, stdout: 'Two secrets are valid: the present and the previous one.\n' });
  const [listed, shown] = await Promise.all([
    connection(['list', '--environment', 'sandbox']),
    connection(['show', 'Sender']),
  ]);
  expect(listed.stdout).toBe(`${id}\tsandbox\tSender\tcore/webhook-secret\tworks\t\n1 of 200 connections.\n`);
  expect(shown.stdout).toMatch(/^Sender \(core\/webhook-secret\) in sandbox: works\n/);
  expect(shown.stdout).toMatch(/\ttest\tworked\t1×\tTwo secrets are valid/);
  expect(JSON.stringify([listed, shown, rotated])).not.toContain('canary');
  expect(await connection(['delete', 'Sender'])).toMatchObject({ code: 0, stdout: '“Sender” was deleted.\n' });
}, 300_000);

test('what is wrong is refused in one line, without secrets', async () => {
  const config = { baseUrl: 'http://127.0.0.1:9', auth: 'bearer', token: 'canary two' };
  const create = ['create', '--name', 'ERP', '--type', 'core/http', '--config', '-'];
  await connection(create, config);
  const [wrong, tested, elsewhere, stranger, moon] = await Promise.all([
    connection(create, { ...config, token: 7, surplus: 'canary three' }),
    connection(['test', 'ERP']),
    connection(['update', 'ERP', '--config', '-'], { baseUrl: 'http://127.0.0.1:10', auth: 'bearer' }),
    connection(['delete', 'nobody']),
    connection(['list', '--environment', 'moon']),
  ]);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^CONNECTION_INVALID: .*\n$/) });
  expect(tested).toMatchObject({ code: 1, stderr: expect.stringMatching(/^CONNECTION_FAILS: .*\n$/) });
  expect(elsewhere.stderr).toMatch(/^CONNECTION_SECRET_NEEDED: .*\n$/);
  expect(stranger.stderr).toMatch(/^NOT_FOUND: /);
  expect(moon.stderr).toMatch(/^OPTION_INVALID: /);
  expect(JSON.stringify([wrong, tested, elsewhere])).not.toContain('canary');
}, 300_000);
