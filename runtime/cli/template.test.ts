import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
const by = async (tenant: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await millrace(...args, '--tenant', tenant);
  return { code, lines: stdout.split('\n').slice(0, -1), stderr };
};
const asked = (...args: readonly string[]) => by('acme', 'template', ...args);
const asOther = (...args: readonly string[]) => by('other', 'template', ...args);

const flow = (description: string) => {
  const bundle = orderFlow('orders');
  const properties = { region: { type: 'string', title: 'Region' }, due: { type: 'string', default: 'PT4H' } };
  const parameters = { type: 'object', required: ['region'], properties };
  const byHand = { type: 'core/manual', version: 1, config: {} };
  return {
    ...bundle,
    flow: {
      ...bundle.flow,
      description,
      parameters,
      nodes: { ...bundle.flow.nodes, byHand },
      edges: [...bundle.flow.edges, { from: 'byHand', to: 'check' }],
    },
  };
};
const parameters = join(tmpdir(), `millrace-parameters-${process.pid}.json`);
writeFileSync(parameters, '{ "region": "EU" }');

test('R-X6 a template is published, cloned, tried, upgraded with a decision, counted and withdrawn', async () => {
  await instance.call('POST', '/flows', flow('One'));
  await by('acme', 'release', 'publish', 'orders');
  const offered = await asked(
    'publish',
    'orders',
    '--changelog',
    'The first',
    '--as',
    '1.0',
    '--audience',
    'other,demo',
  );
  expect(offered.lines).toEqual(['acme/orders\t1.0']);
  const [found, shown, missing] = await Promise.all([
    asOther('list', 'acme/orders', 'one'),
    asOther('show', 'acme/orders'),
    asOther('clone', 'acme/orders', 'mine', '--plan', '--trial', 'none'),
  ]);
  expect(found.lines).toEqual(['acme/orders\t1.0\tOrders\t']);
  expect(shown.lines).toEqual([
    'acme/orders\t1.0\tOrders',
    expect.stringMatching(/^version\t1\.0\t.*\tThe first$/),
    'parameter\tregion\tRegion (must be given)',
    'parameter\tdue\t ("PT4H")',
    'sample\torder',
  ]);
  expect([missing.code, missing.lines.map((line) => line.split('\t').slice(0, 2))]).toEqual([
    1,
    [
      ['error', expect.stringMatching(/^\/parameters/)],
      ['error', '/trial/sample'],
    ],
  ]);
  const cloned = await asOther('clone', 'acme/orders', 'mine', '--parameters', parameters, '--trial', 'order');
  expect(cloned.lines, cloned.stderr).toEqual([expect.stringMatching(/^mine\t1\.0\t[0-9a-f-]{36}$/)]);
  const headers = { 'x-api-key': instance.keys.other };
  const { body } = await instance.call('GET', '/flows/mine', undefined, headers);
  const changed = { ...body.bundle, flow: { ...body.bundle.flow, description: 'Mine' } };
  await instance.call('PUT', '/flows/mine', { revision: 1, bundle: changed }, headers);
  await instance.call('PUT', '/flows/orders', { revision: 1, bundle: flow('Two') });
  await by('acme', 'release', 'publish', 'orders');
  await asked('publish', 'orders', '--changelog', 'Other words');
  const conflicting = await asOther('upgrade', 'mine');
  expect([conflicting.code, conflicting.lines]).toEqual([
    1,
    ['/flow/description', '  base    "One"', '  mine    "Mine"', '  theirs  "Two"'],
  ]);
  const left = await asOther('upgrade-all', 'acme/orders');
  expect(left.lines).toEqual(['mine\tleft\t1.0\t1 conflict must be decided first.']);
  const decided = await asOther('upgrade', 'mine', '--take', '/flow/description=theirs');
  expect([decided.code, decided.lines]).toEqual([
    0,
    ['/flow/description\tThe flow, at /description, changes from "Mine" to "Two".', 'mine\t2\trevision 3'],
  ]);
  const [counted, current] = await Promise.all([asked('count', 'acme/orders'), asOther('upgrade-all', 'acme/orders')]);
  expect([counted.lines, current.lines]).toEqual([['2\t1'], ['mine\tcurrent']]);
  expect((await asked('withdraw', 'acme/orders')).code).toBe(0);
  const gone = await asOther('show', 'acme/orders');
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('There is no template “acme/orders”')]);
  expect((await asked('offer', 'acme/orders', '--audience', 'everybody')).code).toBe(0);
  expect((await asOther('list', 'acme/orders', 'two')).lines).toEqual(['acme/orders\t2\tOrders\t']);
}, 240_000);

test('R-X6 the templates that come with Millrace are listed and told with their descriptions', async () => {
  const [listed, shown] = await Promise.all([asked('list', 'dropzone'), asked('show', 'order-export-dropzone')]);
  expect(listed.lines).toContainEqual(expect.stringMatching(/^order-export-dropzone\t/));
  expect(shown.lines.join('\n')).toContain('connection\tdropzone\tdropzone/folder-or-sftp');
}, 120_000);
