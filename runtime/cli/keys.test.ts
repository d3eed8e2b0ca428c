import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, startInstance } from '../http/test-instance.fixture.ts';
import { ensureKeyFile } from '../secrets/key-file.ts';
import { keySource, masterKeysOf } from '../secrets/master-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-keys-'));
const masterKeyFile = join(folder, 'master.key');
/** A server that the commands share the database and the key file with. */
let instance: Instance;
beforeAll(async () => {
  ensureKeyFile(masterKeyFile);
  instance = await startInstance({ masterKeys: masterKeysOf(keySource({ masterKeyFile })) });
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `millrace …` as users call it. */
function millrace(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const command = [commandLine, ...args];
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const options = {
    cwd: folder,
    env: {
      ...plainEnvironment,
      DATABASE_URL: instance.databaseUrl,
      MILLRACE_HOME: folder,
      MILLRACE_MASTER_KEY_FILE: masterKeyFile,
      ...env,
    },
  };
  const child = execFile(process.execPath, command, options, (_error, stdout, stderr) =>
    resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  return promise;
}

/** Answers only who shows one of the tokens; and has seen so many. */
async function startGuard(tokens: ReadonlySet<string>) {
  const guard = { url: '', seen: 0 };
  const server = createServer((request, response) => {
    guard.seen++;
    response.writeHead(tokens.has(request.headers.authorization ?? '') ? 200 : 401).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  guard.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    guard,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const connections = 30;
const everyMs = 50;

test('R-E4 the master key is rotated while twenty runs a second use secrets: none of them fails', async () => {
  const names = Array.from({ length: connections }, (_, n) => `guarded-${n}`);
  const { guard, stop } = await startGuard(new Set(names.map((name) => `Bearer token of ${name}`)));
  try {
    for (const name of names) await deployGuarded(name, guard.url);
    // Each was tested when it was made.
    guard.seen -= connections;
    const over = new AbortController();
    const runs: string[] = [];
    const traffic = (async () => {
      for (let n = 0; !over.signal.aborted; n++) {
        const { body } = await call('POST', `/flows/${names[n % connections]}/run`, { payload: {} });
        runs.push(body.runId);
        await pause(everyMs);
      }
    })();
    const before = readFileSync(masterKeyFile, 'utf8');
    for (let n = 0; n < 2; n++)
      expect(await millrace(['keys', 'rotate'])).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining(`${connections} secrets were sealed anew`),
      });
    over.abort();
    await traffic;
    await instance.api.engine.settle();

    expect(readFileSync(masterKeyFile, 'utf8').trim().split('\n')).toHaveLength(3);
    expect(readFileSync(masterKeyFile, 'utf8')).toContain(before);
    const statuses = await Promise.all(runs.map(async (id) => (await call('GET', `/runs/${id}`)).body.status));
    expect(new Set(statuses)).toEqual(new Set(['succeeded']));
    // Otherwise the traffic has missed the rotation.
    expect(runs.length).toBeGreaterThan(connections);
    expect(guard.seen).toBe(runs.length);
  } finally {
    stop();
  }
}, 300_000);

async function deployGuarded(name: string, baseUrl: string): Promise<void> {
  const config = { baseUrl, auth: 'bearer', token: `token of ${name}` };
  const { body } = await call('POST', '/connections', { name, type: 'core/http', config });
  const ask = {
    type: 'core/http-request',
    version: 1,
    connection: 'erp',
    config: { url: 'orders' },
    retry: { attempts: 1 },
  };
  const start = { type: 'core/manual', version: 1, config: {} };
  const connectionSlots = { erp: { type: 'core/http' } };
  const edges = [{ from: 'start', to: 'ask' }];
  await call('POST', '/flows', {
    flow: { format: 1, id: name, name, connections: connectionSlots, nodes: { start, ask }, edges },
  });
  expect((await call('POST', `/flows/${name}/deploy`, { connections: { erp: body.id } })).status).toBe(200);
}

test('the keys are listed by their ids, with what is sealed under each; they themselves are never shown', async () => {
  const { stdout } = await millrace(['keys', 'list']);
  expect(stdout).toMatch(/^[0-9a-f]{16}\tin use\t30 secrets\n([0-9a-f]{16}\topens only\t0 secrets\n){2}$/);
  for (const key of readFileSync(masterKeyFile, 'utf8').trim().split('\n')) expect(stdout).not.toContain(key);
}, 180_000);

test('a database that was restored elsewhere serves with its keys; without them it is refused at once, and no key is made', async () => {
  const elsewhere = join(mkdtempSync(join(tmpdir(), 'millrace-restored-')), 'master.key');
  const [present] = readFileSync(masterKeyFile, 'utf8').split('\n');
  const refused = await millrace(['connection', 'list', '--tenant', 'acme'], { MILLRACE_MASTER_KEY_FILE: elsewhere });
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^MASTER_KEY_MISSING: .*“[0-9a-f]{16}”/) });
  expect((await millrace(['serve'], { MILLRACE_MASTER_KEY_FILE: elsewhere, PORT: '0' })).stderr).toBe(refused.stderr);
  expect(existsSync(elsewhere)).toBe(false);
  writeFileSync(elsewhere, `${present}\n`);
  const listed = await millrace(['connection', 'list', '--tenant', 'acme'], { MILLRACE_MASTER_KEY_FILE: elsewhere });
  expect(listed.stdout).toMatch(/\tguarded-0\tcore\/http\tworks\tguarded-0\/erp\n/);
}, 180_000);

test('keys that do not come from a file are not made here; the command says what to do', async () => {
  const key = readFileSync(masterKeyFile, 'utf8').trim().replaceAll('\n', ',');
  const { stderr } = await millrace(['keys', 'rotate'], { MILLRACE_MASTER_KEY: key });
  expect(stderr).toMatch(/^MASTER_KEY_ELSEWHERE: The keys come from MILLRACE_MASTER_KEY, .* then rotate\.\n$/);
}, 180_000);
