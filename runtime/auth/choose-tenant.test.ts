import { expect, test } from 'vitest';
import { chooseTenant, type OwnTenant } from './choose-tenant.ts';

const tenant = (slug: string, passwords = true): OwnTenant => ({
  id: slug,
  slug,
  name: slug,
  timeZone: 'UTC',
  plan: 'open',
  passwords,
});
const [acme, other, closed] = [tenant('acme'), tenant('other'), tenant('closed', false)];
const choose = (tenants: OwnTenant[], slug?: string, instanceOwner = false) =>
  chooseTenant(tenants, slug, { instanceOwner })?.slug;

test('R-X5 a session is for the tenant that is asked for, or the only one', () => {
  expect(choose([acme])).toBe('acme');
  expect(choose([acme, other], 'other')).toBe('other');
  expect(choose([])).toBeUndefined();
  expect(() => choose([acme, other])).toThrow('Say which tenant: acme, other.');
  expect(() => choose([acme], 'other')).toThrow('Say which tenant: acme.');
});

test('R-X5 a tenant that gave passwords up is none to be chosen by one', () => {
  expect(choose([acme, closed])).toBe('acme');
  expect(() => choose([acme, closed], 'closed')).toThrow('sign in by single sign-on');
  expect(() => choose([closed])).toThrow('sign in by single sign-on');
  expect(choose([closed], undefined, true)).toBeUndefined();
});
