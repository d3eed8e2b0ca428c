import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, startInstance } from '../http/test-instance.fixture.ts';
import { commandsOver } from './command.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const millrace = commandsOver(() => instance.databaseUrl);

test('R-F12 the plan of a tenant is told and set', async () => {
  expect((await millrace('tenant', 'plan', 'acme')).stdout).toBe('acme\topen\tOpen\n');
  expect((await millrace('tenant', 'plan', 'acme', 'enterprise-pro')).stdout).toBe(
    'acme\tenterprise-pro\tEnterprise Pro\n',
  );
  expect((await millrace('tenant', 'list')).stdout).toContain('acme\tAcme Shipping\tUTC\tenterprise-pro\n');
  expect((await instance.call('GET', '/session')).body.tenant.plan).toBe('enterprise-pro');
  expect(await millrace('tenant', 'plan', 'acme', 'free')).toMatchObject({ code: 2 });
}, 300_000);
