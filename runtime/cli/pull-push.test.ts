import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, orderFlow, startInstance } from '../http/test-instance.fixture.ts';
import { keySource, masterKeysOf } from '../secrets/master-keys.ts';
import { commandsOver } from './command.fixture.ts';

const masterKey = randomBytes(32).toString('base64');
const home = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ masterKeys: masterKeysOf(keySource({ masterKey, masterKeyFile: '' })) });
  mkdirSync(join(home, '.millrace'));
  writeFileSync(join(home, '.millrace/master.key'), `${masterKey}\n`, { mode: 0o600 });
  await instance.call('POST', '/flows', orderFlow('orders'));
  await instance.call('PUT', '/code-tables/units', { title: 'Units' });
  const vault = { name: 'Vault: main/1', type: 'test/vault', environment: 'production' };
  await instance.call('POST', '/connections', { ...vault, config: { host: 'shop', password: 'canary' } });
});
afterAll(() => instance?.stop());

const commands = commandsOver(() => instance.databaseUrl, home);
const millrace = (...args: readonly string[]) =>
  commands(...args, '--server', instance.url, '--key', instance.keys.acme);

const scratch = () => mkdtempSync(join(tmpdir(), 'millrace-pull-'));
const git = (folder: string, ...args: readonly string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Every file of a folder with its text, but git's and what is not kept in git. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  const kept = paths.filter((path) => !/\/\.(git|millrace)\//.test(path));
  return Object.fromEntries(kept.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

function edit(folder: string, file: string, change: (text: string) => string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  expect(change(text)).not.toBe(text);
  writeFileSync(path, change(text));
}

const flowFile = 'flows/orders/flow.json';

test('acceptance 6: pulled twice are identical bytes, and pushing what was pulled changes nothing', async () => {
  const [one, two] = [scratch(), scratch()];
  expect(await millrace('pull', one)).toMatchObject({ code: 0, stderr: '' });
  await millrace('pull', two);
  expect(contents(two)).toEqual(contents(one));
  expect(Object.keys(contents(one))).toEqual([
    'code-tables/production/units.json',
    'configuration.json',
    'connections/production/Vault%3A main%2F1.json',
    'flows/orders/flow.json',
    'flows/orders/layout.json',
    'flows/orders/samples/order.json',
    'retention/tenant.json',
  ]);
  expect(JSON.stringify(contents(one))).not.toContain('canary');
  const before = await instance.call('GET', '/audit?limit=1');
  expect(await millrace('push', one)).toMatchObject({ code: 0, stdout: 'No difference.\n', stderr: '' });
  expect((await millrace('diff', one)).code).toBe(0);
  expect((await instance.call('GET', '/audit?limit=1')).body).toEqual(before.body);
}, 120_000);

test('acceptance 6: two people’s edits in different nodes merge in git, and are pushed from a clone that never pulled', async () => {
  const ann = scratch();
  git(ann, 'init', '-q', '-b', 'main');
  await millrace('pull', ann);
  git(ann, 'add', '-A');
  git(ann, 'commit', '-qm', 'Pulled');
  const bob = scratch();
  git(bob, 'clone', '-q', ann, '.');
  edit(ann, flowFile, (text) => text.replace('"Order approved"', '"Order came"'));
  git(ann, 'commit', '-qam', 'The trigger');
  edit(bob, flowFile, (text) => text.replace('"minimum": 1', '"minimum": 2'));
  git(bob, 'commit', '-qam', 'The check');
  expect(await millrace('push', ann)).toMatchObject({ code: 0, stderr: '' });

  const early = await millrace('push', bob);
  expect(early.code).toBe(1);
  expect(early.stderr).toMatch(/flows\/orders {2}CONFLICT: test has changed “flows\/orders” at 20\d\d-/);

  git(bob, 'pull', '-q', '--no-rebase', '--no-edit', 'origin', 'main');
  const merged = await millrace('push', bob);
  expect(merged).toMatchObject({ code: 0, stderr: '' });
  expect(merged.stdout).toContain('flows/orders\tThe config of the node “check”');
  const { nodes } = (await instance.call('GET', '/flows/orders')).body.bundle.flow;
  expect(nodes.approved.title).toBe('Order came');
  expect(nodes.check.config.schema.properties.qty.minimum).toBe(2);
}, 120_000);

test('R-X1 what is gone goes from the folder, what is others’ stays, and what was changed here is not lost', async () => {
  const folder = scratch();
  await instance.call('POST', '/flows', orderFlow('passing', { path: 'passing' }));
  await millrace('pull', folder);
  writeFileSync(join(folder, 'flows/passing/README.md'), 'Ours.');
  writeFileSync(join(folder, 'flows/passing/notes.jsonata'), 'Ours too.');
  const only = Object.keys(contents(folder)).filter((file) => file.startsWith('flows/passing/'));
  expect(only).toContain('flows/passing/samples/order.json');
  const key = { 'x-api-key': instance.keys.acme };
  const { parts } = (await instance.call('GET', '/configuration', undefined, key)).body;
  delete parts['flows/passing'];
  const without = { format: 1, parts };
  const planned = await instance.call('POST', '/configuration/plan', { configuration: without, prune: true });
  const known = { 'flows/passing': [planned.body.conflicts[0].digest] };
  expect((await instance.call('POST', '/configuration', { configuration: without, prune: true, known })).status).toBe(
    200,
  );
  await millrace('pull', folder);
  expect(Object.keys(contents(folder)).filter((file) => file.startsWith('flows/passing/'))).toEqual([
    'flows/passing/README.md',
    'flows/passing/notes.jsonata',
  ]);
  edit(folder, 'code-tables/production/units.json', (text) => text.replace('Units', 'Our units'));
  const refused = await millrace('pull', folder);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('LOCAL_CHANGES') });
  expect(refused.stderr).toContain('code-tables/production/units');
  expect((await millrace('pull', folder, '--overwrite')).code).toBe(0);
}, 120_000);

test('R-X1 what is wrong is told with file and pointer, and nothing is pushed', async () => {
  const folder = scratch();
  await millrace('pull', folder, '--only', 'flows/orders');
  edit(folder, flowFile, (text) => text.replace('"to": "check"', '"to": "nowhere"'));
  const broken = await millrace('push', folder, '--plan');
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('flows/orders/flow.json#/edges/0');
  writeFileSync(join(folder, flowFile), '{');
  const unreadable = await millrace('push', folder);
  expect(unreadable.stderr).toContain('flows/orders/flow.json  BAD_JSON');
  expect(unreadable.stderr).toContain('FOLDER_UNREADABLE');
}, 120_000);

test('R-X1 one file holds the same, and the database serves where no server is named', async () => {
  const folder = scratch();
  const file = join(folder, 'acme.json');
  expect(await commands('pull', file, '--tenant', 'acme')).toMatchObject({ code: 0, stderr: '' });
  const overHttp = join(scratch(), 'acme.json');
  await millrace('pull', overHttp);
  expect(readFileSync(file, 'utf8')).toBe(readFileSync(overHttp, 'utf8'));
  edit(folder, 'acme.json', (text) => text.replace('"Units"', '"Their units"'));
  const pushed = await commands('push', file, '--tenant', 'acme');
  expect(pushed).toMatchObject({ code: 0, stderr: '' });
  expect(pushed.stdout).toBe('code-tables/production/units\t“title” changes from "Units" to "Their units".\n');
  expect(existsSync(join(folder, '.millrace'))).toBe(true);
}, 120_000);
