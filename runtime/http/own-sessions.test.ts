import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Headers, nobody, password, peopleOf, sessionOf } from './people.fixture.ts';
import { type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let other: Headers;
beforeAll(async () => {
  instance = await startInstance();
  other = { 'x-api-key': instance.keys.other };
});
afterAll(() => instance?.stop());

const { call, signIn, invite, join, audit } = peopleOf(() => instance);
const ask = async (path: string, by: Headers) => {
  const answer = await call('GET', path, undefined, by);
  expect(misfits('get', path, answer)).toEqual([]);
  return answer.body;
};

/** Belongs to acme, where the session is, and to the tenant “other”. */
async function joinBoth(email: string): Promise<Headers> {
  const session = await join(email, 'viewer');
  const token = await invite(email, 'builder', other);
  await call('POST', '/invitations/accept', { token, name: email, password }, nobody);
  return session;
}

describe('R-X5 a person', () => {
  test('sees where else the session is open, and ends it there', async () => {
    const here = await join('ann@example.com', 'viewer');
    const there = sessionOf(await signIn('ann@example.com'));
    const { sessions } = await ask('/session/sessions', here);
    expect(sessions).toMatchObject([{ current: false, tenant: 'Acme Shipping' }, { current: true }]);
    expect((await call('POST', '/session/end-others', undefined, here)).status).toBe(204);
    expect((await call('GET', '/session', undefined, there)).status).toBe(401);
    expect((await ask('/session/sessions', here)).sessions).toHaveLength(1);
  });

  test('goes over to another tenant, whose audit tells of it; the former session is over', async () => {
    const here = await joinBoth('bob@example.com');
    const { tenants } = await ask('/session/tenants', here);
    expect(tenants.map(({ slug }: { slug: string }) => slug)).toEqual(['acme', 'other']);
    const there = sessionOf(await call('POST', '/session/tenant', { tenant: 'other' }, here));
    expect(await ask('/session', there)).toMatchObject({ tenant: { slug: 'other' }, roles: ['builder'] });
    expect((await call('GET', '/session', undefined, here)).status).toBe(401);
    expect(await audit(other)).toContainEqual(
      expect.objectContaining({ action: 'session.begin', who: 'bob@example.com' }),
    );
  });

  test('goes over to no tenant but an own one', async () => {
    const here = await join('cid@example.com', 'viewer');
    const refused = await call('POST', '/session/tenant', { tenant: 'other' }, here);
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'TENANT_NEEDED' } } });
    expect((await call('GET', '/session', undefined, here)).status).toBe(200);
  });

  test('is more than an API key, which has no sessions', async () => {
    const answer = await call('GET', '/session/sessions');
    expect(answer).toMatchObject({ body: { error: { code: 'PERSON_NEEDED' } } });
  });
});

test('the matrix of roles is what the routes go by', async () => {
  const { roles, actions } = await ask('/roles', {});
  expect(roles).toEqual(['viewer', 'operator', 'builder', 'admin']);
  expect(actions).toContainEqual(expect.objectContaining({ name: 'flows.deploy', roles: ['builder', 'admin'] }));
  expect(actions.map(({ name }: { name: string }) => name)).not.toContain('tenants.create');
});

describe('R-X6 the audit', () => {
  test('is verified, and its head is told', async () => {
    const verdict = await ask('/audit/verify', {});
    const [newest] = await audit();
    expect(verdict).toEqual({ ok: true, head: { position: newest.position, hash: newest.hash } });
  });

  test.each(['csv', 'jsonl'])('is written as %s, filtered as it was asked for', async (format) => {
    const response = await fetch(`${instance.url}/api/v1/audit/export?format=${format}&action=members.edit`, {
      headers: { 'x-api-key': instance.keys.acme },
    });
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="audit.${format}"`);
    const text = await response.text();
    expect(text).toContain('ann@example.com');
    expect(text).not.toContain('session.begin');
  });
});

test('a page of the documentation is there for each screen, and nothing else of the disk', async () => {
  expect((await call('GET', '/help/connections')).body.markdown).toMatch(/^# /);
  expect((await call('GET', '/help/nodes%2Fcore')).status).toBe(200);
  for (const page of ['nobody', '..%2FREADME', 'nodes%2F..%2Froles', 'decisions%2F0006'])
    expect((await call('GET', `/help/${page}`)).status).toBe(404);
});
