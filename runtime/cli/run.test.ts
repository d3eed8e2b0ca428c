import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, orderFlow, startInstance } from '../http/test-instance.fixture.ts';
import { commandsOver } from './command.fixture.ts';

/** A server that the commands share the database with. */
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await call('POST', '/flows', orderFlow('orders'));
  await call('POST', '/flows/orders/deploy', {});
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-run-'));

const millrace = commandsOver(() => instance.databaseUrl, folder);
const run = (...args: readonly string[]) => millrace('run', ...args);
const runOfAcme = (...args: string[]) => run(...args, '--tenant', 'acme');

async function refusedOrder(): Promise<string> {
  return (await call('POST', '/hooks/acme/orders/approved', { id: 'A-1', qty: 0 })).body.runId as string;
}
const statusOf = async (id: string) => (await call('GET', `/runs/${id}`)).body.status;

test('R-X3 a failed run is listed, shown, and run again from a step with another input', async () => {
  const failed = await refusedOrder();
  const [listed, letters, shown] = await Promise.all([
    runOfAcme('list', '--status', 'failed'),
    runOfAcme('dead-letters', '--flow', 'orders'),
    runOfAcme('show', failed),
  ]);
  expect(listed.stdout).toMatch(new RegExp(`^${failed}\t.*\tfailed\torders\t`, 'm'));
  expect(letters.stdout).toContain(failed);
  expect(shown.stdout).toContain(`failed: run ${failed} of “Orders”`);

  const mended = join(folder, 'mended.json');
  writeFileSync(mended, JSON.stringify({ id: 'A-1', qty: 5 }));
  const replayed = await runOfAcme('replay', failed, '--from', 'check', '--input', mended);
  expect(replayed).toMatchObject({ code: 0, stderr: '' });
  await expect.poll(() => statusOf(replayed.stdout.trim()), { timeout: 20_000 }).toBe('succeeded');
}, 60_000);

test('R-X3 failed runs are redriven by name or all at once, and nothing else is', async () => {
  const failed = await refusedOrder();
  expect(await runOfAcme('redrive', failed)).toMatchObject({ code: 0, stdout: '1 run goes on.\n' });
  await expect.poll(() => statusOf(failed), { timeout: 20_000 }).toBe('failed');
  expect((await runOfAcme('redrive', '--all', '--flow', 'orders')).stdout).toMatch(/^[1-9]\d* runs? goe?s? on\.\n$/);
  const unknown = '01a1fd87-d256-7dfb-907c-79e4f55d5044';
  expect(await runOfAcme('redrive', unknown)).toMatchObject({ code: 1, stdout: '0 runs go on.\n' });
  expect((await runOfAcme('redrive')).stderr).toMatch(/^OPTION_INVALID: /);
}, 60_000);

test('a run is cancelled once; wrong options are refused by name', async () => {
  await call('POST', '/flows/orders/pause');
  const { body } = await call('POST', '/flows/orders/run', { payload: { id: 'A-2', qty: 1 } });
  expect((await runOfAcme('cancel', body.runId)).code).toBe(0);
  await call('POST', '/flows/orders/resume');
  await expect.poll(() => statusOf(body.runId), { timeout: 20_000 }).toBe('cancelled');
  const [again, stranger, status, limit] = await Promise.all([
    runOfAcme('cancel', body.runId),
    run('list', '--tenant', 'nobody'),
    runOfAcme('list', '--status', 'ill'),
    runOfAcme('list', '--limit', '0'),
  ]);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^NOT_FOUND: /) });
  expect(stranger.stderr).toMatch(/^TENANT_UNKNOWN: /);
  expect(status.stderr).toMatch(/^OPTION_INVALID: --status/);
  expect(limit.stderr).toMatch(/^OPTION_INVALID: --limit/);
}, 60_000);
