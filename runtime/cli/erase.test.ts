import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, orderFlow, startInstance } from '../http/test-instance.fixture.ts';
import { commandsOver } from './command.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await instance.call('POST', '/flows', orderFlow());
  await instance.call('POST', '/flows/orders/deploy', {});
  await instance.call('POST', '/hooks/acme/orders/approved', { id: 'canary-1', qty: 0 });
});
afterAll(() => instance?.stop());

const millrace = commandsOver(() => instance.databaseUrl);
const ofAcme = (...args: readonly string[]) => millrace(...args, '--tenant', 'acme');

test('R-X5 a person’s data is erased by the command line, after a plan', async () => {
  const key = ['erase', '--field', 'id', '--value', 'canary-1'];
  const planned = await ofAcme(...key, '--plan');
  expect(planned).toMatchObject({ code: 0, stderr: '' });
  expect(planned.stdout).toContain('runs\tproduction\torders\t1\n');
  expect(planned.stdout).toContain('deadLetters\t1\n');
  expect((await ofAcme(...key)).stdout).toBe(planned.stdout);
  expect((await instance.call('GET', '/runs')).body.runs).toEqual([]);
  expect((await ofAcme('erase', '--field', 'id')).stderr).toContain('Say --field and --value, or --record type/id.');
}, 120_000);

test('R-X5 for how long what is kept is said by the command line', async () => {
  const said = await ofAcme('retention', 'set', '--environment', 'sandbox', '--steps', '7', '--audit', '400');
  expect(said).toMatchObject({ code: 0, stderr: '' });
  const shown = await ofAcme('retention', 'show');
  expect(shown.stdout).toBe(
    'sandbox\tsteps 7 days\truns class\nproduction\tsteps class\truns class\naudit\t400 days\n',
  );
  expect((await ofAcme('retention', 'set', '--audit', '3')).stderr).toContain('OPTION_INVALID');
}, 120_000);
