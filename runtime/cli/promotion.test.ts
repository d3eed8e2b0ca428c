import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, orderFlow, startInstance } from '../http/test-instance.fixture.ts';
import { commandsOver } from './command.fixture.ts';

/** A server that the commands share the database with. */
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await instance.call('POST', '/flows', { ...orderFlow('orders'), tests: { taken } });
  await instance.call('POST', '/flows/orders/deploy', { environment: 'sandbox' });
});
afterAll(() => instance?.stop());

const taken = { name: 'An order is taken', trigger: { sample: 'order' }, expect: { outcome: 'succeeded' } };
const millrace = commandsOver(() => instance.databaseUrl);
const call = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await millrace(...args, '--tenant', 'acme');
  return { code, lines: stdout.split('\n').slice(0, -1), stderr };
};
const promotion = (...args: readonly string[]) => call('promotion', ...args);

test('R-F10 a flow is tested, planned, approved, moved and taken back', async () => {
  const untested = await promotion('plan', 'orders', '--note', 'First');
  const [head = '', ...rest] = untested.lines;
  const id = head.split('\t')[0] ?? '';
  expect(rest[0]).toMatch(/^flow orders\t\/\tNew in production: \d nodes, \d edges, \d samples, 1 tests\.$/);
  const whole = (await promotion('show', 'orders')).lines;
  expect(whole).toContain('flow orders\t/flow/nodes/check\tThe node “check” is new.');
  expect(rest.at(-1)).toBe('TESTS_NOT_RUN\tThe tests of “orders”, version 1, were never run.');
  expect((await promotion('approve', id)).stderr).toContain('PROMOTION_NOT_READY: The tests of “orders”');
  const tests = await call('release', 'test', 'orders', '1');
  expect(tests.lines).toEqual(['✓ An order is taken', '1 passed, 0 failed']);
  for (const [step, named, state] of [
    ['approve', id, 'approved'],
    ['apply', 'orders', 'applied'],
    ['rollback', 'orders', 'rolled-back'],
  ] as const)
    expect((await promotion(step, named)).lines).toEqual([`${id}\t${state}`]);
  expect((await promotion('show', 'returns')).stderr).toContain('There is no promotion of a flow “returns”.');
  const listed = await promotion('list', '--flow', 'orders');
  expect(listed.lines.map((line) => line.split('\t').toSpliced(1, 1).toSpliced(3, 1))).toEqual([
    [id, 'rolled-back', 'orders', 'First'],
  ]);
}, 300_000);

test('R-F10 what promotions need is said by an admin, and then holds', async () => {
  const [first, second] = [
    await promotion('rules'),
    await promotion('rules', '--by-another', 'yes', '--tests', 'none'),
  ];
  expect(first.lines).toEqual(['required\tno', 'by another\tno', 'tests\texercise']);
  expect(second.lines).toEqual(['required\tno', 'by another\tyes', 'tests\tnone']);
  const id = (await promotion('plan', 'orders')).lines[0]?.split('\t')[0] ?? '';
  expect((await promotion('approve', id)).stderr).toContain('OWN_PROMOTION');
  expect((await promotion('plan', 'orders', '--connection', 'orders=ERP')).stderr).toContain('flow.slot=name');
}, 300_000);

test('R-X4 a run is written as a test, into a file that is not there yet', async () => {
  const { body } = await instance.call('POST', '/flows/orders/run', {
    environment: 'sandbox',
    payload: { id: 'A-1', qty: 0 },
  });
  await instance.api.engine.settle();
  const file = join(instance.api.home, 'refused.json');
  expect((await call('run', 'test', body.runId, '--into', file)).code).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    trigger: { node: 'approved', payload: { id: 'A-1', qty: 0 } },
    mocks: {},
    expect: { outcome: 'failed', path: ['check'] },
  });
  const again = await call('run', 'test', body.runId, '--into', file);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('FILE_UNWRITABLE') });
}, 300_000);
