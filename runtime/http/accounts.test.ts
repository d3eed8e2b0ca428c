import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../audit/verify.ts';
import { networkOf } from '../auth/sign-in.ts';
import { ownerOf } from './every-route.fixture.ts';
import { nobody, password, peopleOf, sessionOf } from './people.fixture.ts';
import { type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const { call, signIn, invite, join, idOf } = peopleOf(() => instance);

describe('R-X5 an invitation', () => {
  test('makes a member with the role that it says, signed in', async () => {
    const ann = await join('ann@example.com', 'operator');
    expect((await call('GET', '/session', undefined, ann)).body).toMatchObject({ tenant: { slug: 'acme' } });
    expect(await call('POST', '/keys', { name: 'x', role: 'viewer' }, ann)).toMatchObject({ status: 403 });
    expect((await signIn('Ann@Example.com')).status).toBe(204);
  });

  test('is good once, and only its hash is stored', async () => {
    const token = await invite('once@example.com', 'viewer');
    const body = { token, name: 'Once', password };
    const client = new pg.Client(instance.databaseUrl);
    await client.connect();
    const { rows } = await client.query('select row_to_json(v)::text as row from auth.verification as v');
    await client.end();
    const stored = rows.map(({ row }) => row).join('');
    expect(stored).toContain(createHash('sha256').update(token).digest('hex'));
    expect(stored).not.toContain(token);
    const both = await Promise.all([1, 2].map(() => call('POST', '/invitations/accept', body, nobody)));
    expect(both.map(({ status }) => status).sort()).not.toEqual([204, 204]);
    expect(await call('POST', '/invitations/accept', body, nobody)).toMatchObject({
      status: 403,
      body: { error: { code: 'INVITATION_INVALID' } },
    });
  });

  test('with a poor password stays good; without one nobody has an account', async () => {
    const token = await invite('poor@example.com', 'viewer');
    const accept = (given: string) =>
      call('POST', '/invitations/accept', { token, name: 'Poor', password: given }, nobody);
    expect(await accept('short')).toMatchObject({ status: 400, body: { error: { code: 'PASSWORD_TOO_WEAK' } } });
    expect(await signIn('poor@example.com')).toMatchObject({ status: 401 });
    expect((await accept(password)).status).toBe(204);
  });

  test('to who has an account asks for that account’s password', async () => {
    await join('twice@example.com', 'viewer');
    const other = { 'x-api-key': instance.keys.other };
    const token = await invite('twice@example.com', 'builder', other);
    const accept = (given: string) =>
      call('POST', '/invitations/accept', { token, name: 'Twice', password: given }, nobody);
    expect(await accept('another password')).toMatchObject({ status: 401 });
    expect((await accept(password)).status).toBe(204);
    expect(await signIn('twice@example.com')).toMatchObject({
      status: 400,
      body: { error: { code: 'TENANT_NEEDED', details: { tenants: expect.arrayContaining(['acme', 'other']) } } },
    });
    const session = sessionOf(await signIn('twice@example.com', password, { tenant: 'other' }));
    expect((await call('GET', '/session', undefined, session)).body.tenant.slug).toBe('other');
    expect((await signIn('twice@example.com', password, { tenant: 'demo' })).status).toBe(400);
  });

  test('attack 90: gives no more than whoever invites has, nor does a key', async () => {
    const scope = { actions: ['members.edit', 'keys.edit', 'runs.read'] as const };
    const key = await instance.api.auth.keys.create(instance.tenants.acme, { name: 'narrow', scope });
    const narrow = { 'x-api-key': key };
    for (const [path, body] of [
      ['/members/invite', { email: 'x@example.com', role: 'viewer' }],
      ['/keys', { name: 'x', role: 'admin' }],
      ['/keys', { name: 'x', actions: ['flows.deploy'] }],
      [`/members/${await idOf('ann@example.com')}/role`, { role: 'admin' }],
    ] as const)
      expect(await call('POST', path, body, narrow), path).toMatchObject({
        status: 403,
        body: { error: { code: 'ACTION_NOT_ALLOWED' } },
      });
    expect((await call('POST', '/keys', { name: 'x', actions: ['runs.read'] }, narrow)).status).toBe(201);
  });

  test('attack 90: a role cannot be smuggled in', async () => {
    const body = { token: await invite('sly@example.com', 'viewer'), name: 'Sly', password };
    for (const more of [{ role: 'admin' }, { instanceOwner: true }, { tenant: 'other' }])
      expect((await call('POST', '/invitations/accept', { ...body, ...more }, nobody)).status).toBe(400);
  });
});

describe('R-X5 members', () => {
  test('that are removed or get another role feel it at once', async () => {
    const bob = await join('bob@example.com', 'builder');
    const id = await idOf('bob@example.com');
    expect((await call('GET', '/flows', undefined, bob)).status).toBe(200);
    const changed = await call('POST', `/members/${id}/role`, { role: 'viewer' });
    expect(misfits('post', '/members/:id/role', changed)).toEqual([]);
    const table = await call('PUT', '/code-tables/t', { title: 'T' }, bob);
    expect(table.body.error.message).toBe(
      '“code-tables.edit” needs the role builder or admin; you have the role viewer.',
    );
    expect((await call('POST', `/members/${id}/remove`)).status).toBe(204);
    expect((await call('GET', '/flows', undefined, bob)).status).toBe(401);
  });

  test('always have an admin among them', async () => {
    await join('first@example.com', 'admin');
    const first = await idOf('first@example.com');
    const refused = { status: 409, body: { error: { code: 'LAST_ADMIN' } } };
    expect(await call('POST', `/members/${first}/remove`)).toMatchObject(refused);
    expect(await call('POST', `/members/${first}/role`, { role: 'builder' })).toMatchObject(refused);
    await join('second@example.com', 'admin');
    const both = [first, await idOf('second@example.com')];
    const removed = await Promise.all(both.map((id) => call('POST', `/members/${id}/remove`)));
    expect(removed.map(({ status }) => status).sort()).toEqual([204, 409]);
  });
});

describe('R-X5 a key', () => {
  test('attack 92: that was revoked or is too old opens nothing', async () => {
    const made = await call('POST', '/keys', { name: 'short', role: 'viewer', days: 1 });
    expect(misfits('post', '/keys', made)).toEqual([]);
    const key = { 'x-api-key': made.body.key };
    expect((await call('GET', '/flows', undefined, key)).status).toBe(200);
    const list = await call('GET', '/keys');
    expect(misfits('get', '/keys', list)).toEqual([]);
    const { id, expiresAt } = list.body.keys.find(({ name }: { name: string }) => name === 'short');
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(24 * 3600_000);
    expect((await call('POST', `/keys/${id}/revoke`)).status).toBe(204);
    expect((await call('GET', '/flows', undefined, key)).status).toBe(401);
    expect(JSON.stringify(list.body)).not.toContain(made.body.key);
  });

  test('with actions alone may do these', async () => {
    const { body } = await call('POST', '/keys', { name: 'sender', actions: ['signals.send'] });
    const sender = { 'x-api-key': body.key };
    expect((await call('POST', '/signals', { channel: 'erp', key: '1', payload: {} }, sender)).status).toBe(202);
    expect((await call('GET', '/signals', undefined, sender)).body.error.message).toBe(
      '“signals.read” needs the role viewer, operator, builder or admin; you have only signals.send.',
    );
  });

  test.each([{ role: 'owner' }, { role: 'admin', actions: ['runs.read'] }, {}, { actions: ['runs.delete'] }])(
    'cannot be made with %j',
    async (scope) => {
      expect((await call('POST', '/keys', { name: 'x', ...scope })).status).toBe(400);
    },
  );
});

describe('R-X5 a session', () => {
  test('attack 86: is a new one at each sign-in, and over when it is ended', async () => {
    await join('cat@example.com', 'viewer');
    const fixed = { ...nobody, cookie: 'millrace.session_token=chosen' };
    const first = sessionOf(await call('POST', '/session', { email: 'cat@example.com', password }, fixed));
    expect(first.cookie).not.toContain('chosen');
    expect(sessionOf(await signIn('cat@example.com')).cookie).not.toBe(first.cookie);
    expect((await call('GET', '/session', undefined, first)).status).toBe(200);
    expect((await call('POST', '/session/end', undefined, first)).status).toBe(204);
    expect((await call('GET', '/session', undefined, first)).status).toBe(401);
  });

  test.each(['/session', '/session/end', '/invitations/accept'])(
    'attack 87: %s is not for other sites',
    async (path) => {
      const body = path === '/session/end' ? undefined : { email: 'a@b.c', password, token: 't', name: 'n' };
      const { email, ...accepting } = body ?? {};
      const given = path === '/session' ? { email, password } : body && accepting;
      const answer = await call('POST', path, given, { ...nobody, origin: 'https://evil.example' });
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'CROSS_SITE' } } });
    },
  );
});

describe('attack 88: whoever guesses passwords', () => {
  test('of one account is stopped, and told how long to wait', async () => {
    await join('dan@example.com', 'viewer');
    const statuses: number[] = [];
    for (let n = 0; n < 10; n++) statuses.push((await signIn('dan@example.com', `guess number ${n}`)).status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    const stopped = await signIn('DAN@example.com');
    expect(stopped).toMatchObject({ status: 429, body: { error: { code: 'SIGN_IN_TOO_OFTEN' } } });
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(
      (
        await call(
          'POST',
          '/session',
          { email: 'dan@example.com', password },
          { ...nobody, 'x-forwarded-for': '192.0.2.1' },
        )
      ).status,
    ).toBe(429);
    expect((await signIn('cat@example.com')).status).toBe(204);
  });

  test('hears the same of an account that there is not', async () => {
    const known = await signIn('cat@example.com', 'a wrong password');
    const unknown = await signIn('nobody@example.com', 'a wrong password');
    expect(unknown).toMatchObject({ status: 401, body: known.body });
  });

  test.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::1', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::ffff:192.0.2.1', '192.0.2.200', true],
    ['192.0.2.1', '192.0.3.1', false],
  ])('from %s or %s counts as one network: %s', (a, b, same) => {
    expect(networkOf(a) === networkOf(b)).toBe(same);
  });
});

describe('R-X5 the owner of the instance', () => {
  test('makes tenants, whose audit begins with that, and sees into none', async () => {
    const owner = { ...nobody, ...(await ownerOf(instance)) };
    const made = await call('POST', '/tenants', { slug: 'new', name: 'New', admin: 'eve@example.com' }, owner);
    expect(made.status, instance.logged.at(-1)).toBe(201);
    expect(misfits('post', '/tenants', made)).toEqual([]);
    const list = await call('GET', '/tenants', undefined, owner);
    expect(misfits('get', '/tenants', list)).toEqual([]);
    expect(list.body.tenants.map(({ slug }: { slug: string }) => slug)).toContain('new');
    expect((await call('GET', '/flows', undefined, owner)).status).toBe(403);
    expect((await call('POST', '/tenants', { slug: 'new', name: 'N', admin: 'e@e.e' }, owner)).status).toBe(409);

    const accepted = { token: made.body.token, name: 'Eve', password };
    const eve = sessionOf(await call('POST', '/invitations/accept', accepted, nobody));
    const audit = (await call('GET', '/audit', undefined, eve)).body.entries.toReversed();
    expect(audit).toMatchObject([
      { position: 1, action: 'tenants.create', who: 'Olga', by: 'person', target: 'tenants/new' },
      { action: 'members.edit', who: 'Olga', after: { invited: 'eve@example.com', role: 'admin' } },
      { action: 'members.edit', who: 'Eve', after: { email: 'eve@example.com', role: 'admin' } },
    ]);
  });

  test('is one: there is no link for another', async () => {
    expect(await instance.api.auth.invitations.inviteOwner()).toBeUndefined();
  });
});

test('no password or token is in the log or the audit', async () => {
  const audit = JSON.stringify((await call('GET', '/audit?limit=200')).body);
  for (const text of [audit, instance.logged.join('')]) expect(text).not.toContain(password);
  expect(await verifyAudit(instance.api.database, instance.tenants.acme.id)).toMatchObject({ ok: true });
});
