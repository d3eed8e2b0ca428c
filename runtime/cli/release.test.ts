import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, orderFlow, startInstance } from '../http/test-instance.fixture.ts';
import { commandsOver } from './command.fixture.ts';

/** A server that the commands share the database with. */
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const millrace = commandsOver(() => instance.databaseUrl);
const release = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await millrace('release', ...args, '--tenant', 'acme');
  return { code, lines: stdout.split('\n').slice(0, -1), stderr };
};

test('R-X1 a flow is published, deployed, compared, rolled back and taken away', async () => {
  const bundle = orderFlow('orders');
  await instance.call('POST', '/flows', bundle);
  const first = await release('publish', 'orders', '--note', 'The first');
  expect(first.lines).toEqual([expect.stringMatching(/^1\t[0-9a-f]{64}$/)]);
  await release('deploy', 'orders', '--environment', 'sandbox', '--release', '1');
  const renamed = { ...bundle, flow: { ...bundle.flow, name: 'Renamed' } };
  await instance.call('PUT', '/flows/orders', { revision: 1, bundle: renamed });
  const [differences, second] = await Promise.all([
    release('diff', 'orders', '1', 'draft'),
    release('deploy', 'orders', '--environment', 'sandbox'),
  ]);
  expect(differences.lines).toEqual(['/flow/name\tThe flow, at /name, changes from "Orders" to "Renamed".']);
  expect(second.lines).toEqual([expect.stringMatching(/^2\t[0-9a-f]{64}\tsandbox$/)]);
  const back = await release('rollback', 'orders', '--environment', 'sandbox');
  expect(back.lines).toEqual([`${first.lines[0]}\tsandbox`]);
  expect((await release('undeploy', 'orders', '--environment', 'sandbox', '--note', 'Done')).code).toBe(0);
  const [versions, history] = await Promise.all([release('list', 'orders'), release('history', 'orders')]);
  expect(versions.lines.map((line) => line.split('\t').at(-1))).toEqual(['', 'The first']);
  expect(history.lines.map((line) => line.split('\t').slice(2))).toEqual([
    ['sandbox', 'undeploy', '1', 'the command line', 'Done'],
    ['sandbox', 'rollback', '1', 'the command line', ''],
    ['sandbox', 'deploy', '2', 'the command line', ''],
    ['sandbox', 'deploy', '1', 'the command line', ''],
  ]);
}, 120_000);

test('R-X1 what cannot be released says why', async () => {
  const [unknown, elsewhere, unbound] = await Promise.all([
    release('publish', 'nothing'),
    release('deploy', 'nothing', '--environment', 'moon'),
    release('deploy', 'nothing', '--connection', 'shop=nobody'),
  ]);
  expect(unknown).toMatchObject({ code: 1, lines: [] });
  expect(unknown.stderr).toContain('The flow “nothing” does not exist.');
  expect(elsewhere.stderr).toContain('sandbox, production');
  expect(unbound.stderr).toContain('There is no connection “nobody” in production.');
}, 120_000);
