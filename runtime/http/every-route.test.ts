import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Action, memberRoles, type Role, roles, specOfAction } from '../auth/actions.ts';
import type { AuditEntry } from '../postgres/audit/entries.ts';
import { ask, nameOf, ownerOf, prepareSamples, type Sample } from './every-route.fixture.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let samples: Readonly<Record<string, Sample>>;
/** Headers by which somebody of the role asks. */
let callers: Readonly<Partial<Record<Role, Record<string, string>>>>;
beforeAll(async () => {
  instance = await startInstance({ demo: true });
  samples = await prepareSamples(instance);
  const { auth } = instance.api;
  const made = memberRoles.map(async (role) => {
    const key = await auth.keys.create(instance.tenants.acme, { name: role, scope: { role } });
    return [role, { 'x-api-key': key }] as const;
  });
  callers = Object.fromEntries([...(await Promise.all(made)), ['owner', await ownerOf(instance)]]);
});
afterAll(() => instance?.stop());

const all = routes.map((route) => [nameOf(route), route] as const);
const sampleOf = (route: Route) => samples[nameOf(route)] as Sample;

test('every route has a sample, and every sample a route', () => {
  expect(Object.keys(samples).sort()).toEqual(all.map(([name]) => name).sort());
});

/** What anybody may is the same for every role; that one may sign out, and then ask no more, belongs elsewhere. */
const guarded = all.filter(([, { action }]) => action !== 'anybody');

describe.each(roles)('R-X5 attack 89: the role %s', (role) => {
  test.each(guarded)('at %s may what the matrix says, and nothing else', async (_name, route) => {
    const { status, body } = await ask(instance, route, {}, callers[role] ?? {});
    const isAllowed = specOfAction(route.action as Action).roles.includes(role);
    if (isAllowed) expect([401, 403]).not.toContain(status);
    else
      expect([status, body]).toMatchObject([
        403,
        { error: { code: 'ACTION_NOT_ALLOWED', message: expect.stringContaining(`you have the role ${role}`) } },
      ]);
  });
});

/** What is asked with a name or document of one's own, not with an id; it answers the same whoever has such a name. */
const named: readonly string[] = ['GET /help/:page', 'PUT /code-tables/:name', 'POST /flows/:id/validate'];
/** The instance's owner looks after all tenants. */
const isOwners = ({ action }: Route) =>
  action !== 'anybody' && specOfAction(action).roles.every((role) => role === 'owner');
const addressed = all.filter(([name, each]) => each.path.includes(':') && !named.includes(name) && !isOwners(each));

describe('R-X5 attack 78: with the ids of another tenant', () => {
  test.each(addressed)('%s knows nothing', async (_name, route) => {
    const answer = await ask(instance, route, sampleOf(route), { 'x-api-key': instance.keys.other });
    expect(answer).toMatchObject({ status: 404, body: { error: { code: expect.stringMatching(/^NO/) } } });
  });

  test.each(all.filter(([, { method, path }]) => method === 'get' && !path.includes(':')))(
    '%s lists nothing of theirs',
    async (_name, route) => {
      const { body } = await ask(instance, route, {}, { 'x-api-key': instance.keys.other });
      expect(JSON.stringify(body ?? null)).not.toContain('private');
    },
  );
});

const changing = all.filter(([, { action }]) => {
  if (action === 'anybody') return false;
  const { kind, roles: allowed } = specOfAction(action);
  return kind === 'changes' && allowed.includes('admin');
});

describe('R-X5 what a route changes is told by the audit', () => {
  test.each(changing)('%s', async (_name, route) => {
    const before = await newest();
    const answer = await ask(instance, route, sampleOf(route), callers.admin ?? {});
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    const { position, ...entry } = await newest();
    expect(position).toBeGreaterThan(before.position);
    expect(entry).toMatchObject({ action: route.action, who: 'admin', by: 'key', address: '127.0.0.1' });
  });

  test('and no secret is in it', async () => {
    const { body } = await instance.call('GET', '/audit?limit=200');
    expect(JSON.stringify(body)).toContain('[hidden]');
    expect(JSON.stringify(body)).not.toContain('canary');
  });
});

async function newest(): Promise<AuditEntry> {
  const answer = await instance.call('GET', '/audit?limit=1');
  expect(misfits('get', '/audit', answer)).toEqual([]);
  return answer.body.entries[0];
}
