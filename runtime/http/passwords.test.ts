import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startMailServer } from '../alerts/alerts.fixture.ts';
import { theInstance } from '../postgres/audit/author.ts';
import { ownerOf } from './every-route.fixture.ts';
import { type Headers, nobody, password, peopleOf, sessionOf } from './people.fixture.ts';
import { type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let mail: Awaited<ReturnType<typeof startMailServer>>;
/** Olga owns the instance, and belongs to no tenant. */
let owner: Headers;
beforeAll(async () => {
  mail = await startMailServer();
  instance = await startInstance({ mailServer: mail.server() });
  owner = { ...nobody, ...(await ownerOf(instance)) };
});
afterEach(() => {
  mail.received.length = 0;
});
afterAll(async () => {
  await instance?.stop();
  await mail?.stop();
});

const { call, signIn, invite, join, idOf, audit } = peopleOf(() => instance);
const another = 'another horse battery';
const reset = (token: string, given = another) =>
  call('POST', '/session/reset-password', { token, password: given }, nobody);
const resetOf = async (email: string, by: Headers = {}) =>
  call('POST', `/members/${await idOf(email)}/reset-password`, undefined, by);

describe('R-X5 a person', () => {
  test('changes the own password by showing the old one, which ends the other sessions', async () => {
    const here = await join('ann@example.com', 'viewer');
    const elsewhere = sessionOf(await signIn('ann@example.com'));
    const change = (given: string, newPassword = another) =>
      call('POST', '/session/password', { password: given, newPassword }, here);
    expect(await change('not the old one')).toMatchObject({
      status: 401,
      body: { error: { code: 'SIGN_IN_REFUSED' } },
    });
    expect(await change(password, 'short')).toMatchObject({
      status: 400,
      body: { error: { code: 'PASSWORD_TOO_WEAK', pointer: '/newPassword' } },
    });
    const changed = await change(password);
    expect(misfits('post', '/session/password', changed)).toEqual([]);
    expect((await call('GET', '/session', undefined, here)).status).toBe(200);
    expect((await call('GET', '/session', undefined, elsewhere)).status).toBe(401);
    expect((await signIn('ann@example.com')).status).toBe(401);
    expect((await signIn('ann@example.com', another)).status).toBe(204);
    const told = (await audit()).filter(({ action }) => action === 'session.edit');
    expect(told).toMatchObject([{ who: 'ann@example.com', by: 'person', after: { password: 'changed' } }]);
  });

  test('is not an API key', async () => {
    const answer = await call('POST', '/session/password', { password, newPassword: another });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'PERSON_NEEDED' } } });
  });

  test('who owns the instance, and belongs to no tenant, changes the password too', async () => {
    const change = (given: string, newPassword: string) =>
      call('POST', '/session/password', { password: given, newPassword }, owner);
    expect((await change(password, another)).status).toBe(204);
    expect((await signIn('olga@example.com', another)).status).toBe(204);
    expect((await change(another, password)).status).toBe(204);
  });

  test('attack 88: whose session somebody else has cannot have the old password guessed', async () => {
    const here = await join('bea@example.com', 'viewer');
    const guess = () => call('POST', '/session/password', { password: 'a guess', newPassword: another }, here);
    for (let n = 0; n < 10; n++) expect((await guess()).status).toBe(401);
    expect((await guess()).status).toBe(429);
  });
});

describe('R-X5 an admin', () => {
  test('lets a member of the own tenant set a new password, once, and sees none', async () => {
    const before = await join('bob@example.com', 'builder');
    const made = await resetOf('bob@example.com');
    expect(misfits('post', '/members/:id/reset-password', made)).toEqual([]);
    const { token } = made.body;
    expect(await stored()).not.toContain(token);
    expect((await reset(token, 'short')).status).toBe(400);
    expect((await reset(token)).status).toBe(204);
    expect(await reset(token)).toMatchObject({ status: 403, body: { error: { code: 'RESET_INVALID' } } });
    expect((await call('GET', '/session', undefined, before)).status).toBe(401);
    expect((await signIn('bob@example.com')).status).toBe(401);
    expect((await signIn('bob@example.com', another)).status).toBe(204);
    expect(JSON.stringify(await audit())).not.toContain(token);
  });

  test('of two who use a link at once one succeeds', async () => {
    await join('twin@example.com', 'viewer');
    const { token } = (await resetOf('twin@example.com')).body;
    const both = await Promise.all([reset(token), reset(token)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 403]);
  });

  test('attack 90: takes over nobody who belongs to another tenant too, or comes to meanwhile', async () => {
    const other = { 'x-api-key': instance.keys.other };
    const joinOther = async (email: string) => {
      const token = await invite(email, 'admin', other);
      expect((await call('POST', '/invitations/accept', { token, name: email, password }, nobody)).status).toBe(204);
    };
    await join('cyd@example.com', 'viewer');
    const { token } = (await resetOf('cyd@example.com')).body;
    await joinOther('cyd@example.com');
    expect(await resetOf('cyd@example.com')).toMatchObject({
      status: 409,
      body: { error: { code: 'ACCOUNT_NOT_OWN' } },
    });
    expect((await reset(token)).status).toBe(403);
    expect((await signIn('cyd@example.com', password, { tenant: 'other' })).status).toBe(204);
  });

  test('attack 90: takes over nobody who owns the instance', async () => {
    const token = await invite('olga@example.com', 'viewer');
    await call('POST', '/invitations/accept', { token, name: 'Olga', password }, nobody);
    expect((await resetOf('olga@example.com')).status).toBe(409);
  });

  test('attack 90: by a key that may do less, sets no password of who may more', async () => {
    await join('eva@example.com', 'admin');
    const scope = { actions: ['members.edit'] as const };
    const key = await instance.api.auth.keys.create(instance.tenants.acme, { name: 'narrow', scope });
    expect(await resetOf('eva@example.com', { 'x-api-key': key })).toMatchObject({
      status: 403,
      body: { error: { code: 'ACTION_NOT_ALLOWED' } },
    });
  });

  test('whoever has the command line helps everybody', async () => {
    const author = { ...theInstance, by: 'command line' } as const;
    const { auth } = instance.api;
    const token = await auth.resets.forMember(instance.tenants.acme, await idOf('olga@example.com'), author);
    expect((await reset(token)).status).toBe(204);
    expect((await signIn('olga@example.com', another)).status).toBe(204);
  });

  test('who removes somebody takes back what invitations are left over', async () => {
    await join('gil@example.com', 'viewer');
    const left = await invite('gil@example.com', 'admin');
    expect((await call('POST', `/members/${await idOf('gil@example.com')}/remove`)).status).toBe(204);
    const accepted = await call('POST', '/invitations/accept', { token: left, name: 'Gil', password }, nobody);
    expect(accepted).toMatchObject({ status: 403, body: { error: { code: 'INVITATION_INVALID' } } });
  });
});

describe('R-X5 “I forgot my password”', () => {
  const forget = (email: string, headers: Headers = {}) =>
    call('POST', '/session/forgot-password', { email }, { ...nobody, ...headers });

  async function mailed(): Promise<string> {
    await expect.poll(() => mail.received.length).toBe(1);
    const source = (mail.received[0]?.source ?? '').replaceAll(/=\r?\n/g, '');
    return /http:\S+\/reset-password#\S+/.exec(source)?.[0] ?? '';
  }

  test('mails a link that is good once', async () => {
    await join('fay@example.com', 'viewer');
    const answer = await forget('Fay@Example.com');
    expect(misfits('post', '/session/forgot-password', answer)).toEqual([]);
    const token = (await mailed()).split('#')[1] ?? '';
    expect(mail.received[0]?.to).toEqual(['fay@example.com']);
    expect((await reset(token)).status).toBe(204);
    expect((await signIn('fay@example.com', another)).status).toBe(204);
    expect((await reset(token)).status).toBe(403);
    expect(instance.logged.join('')).not.toContain(token);
  });

  test('attack 91: the link leads to the instance, whatever host the request names', async () => {
    await join('hal@example.com', 'viewer');
    await forget('hal@example.com', { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' });
    expect(await mailed()).toMatch(/^http:\/\/127\.0\.0\.1\/reset-password#[\w-]{43}$/);
  });

  test('answers alike for an address that nobody has, and mails nothing', async () => {
    const known = await forget('hal@example.com');
    await mailed();
    const unknown = await forget('nobody@example.com');
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    await forget('operator@acme.invalid');
    expect(mail.received).toHaveLength(1);
  });

  test('attack 88: is limited by address and network', async () => {
    const statuses = [];
    for (let n = 0; n < 11; n++) statuses.push((await forget('many@example.com')).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 202), 429]);
  });

  test('attack 87: is not for other sites', async () => {
    for (const path of ['forgot-password', 'reset-password']) {
      const body = path === 'forgot-password' ? { email: 'hal@example.com' } : { token: 't', password };
      const answer = await call('POST', `/session/${path}`, body, { ...nobody, origin: 'https://evil.example' });
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'CROSS_SITE' } } });
    }
  });

  test('says so where the instance sends no mail', async () => {
    const silent = await startInstance();
    try {
      const answer = await silent.call('POST', '/session/forgot-password', { email: 'a@b.c' }, nobody);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'MAIL_NOT_CONFIGURED' } } });
    } finally {
      await silent.stop();
    }
  });
});

test('R-X5 the audit tells who has signed in, and who was refused', async () => {
  await join('ivy@example.com', 'viewer');
  await signIn('ivy@example.com');
  await signIn('ivy@example.com', 'a wrong password');
  await expect
    .poll(async () => (await audit()).slice(0, 2))
    .toMatchObject([
      { action: 'session.refuse', who: 'ivy@example.com', whoId: null, after: { refused: 'SIGN_IN_REFUSED' } },
      { action: 'session.begin', who: 'ivy@example.com', after: { by: 'password' }, address: '127.0.0.1' },
    ]);
});

async function stored(): Promise<string> {
  const client = new pg.Client(instance.databaseUrl);
  await client.connect();
  const { rows } = await client.query('select row_to_json(v)::text as row from auth.verification as v');
  await client.end();
  return rows.map(({ row }) => row).join('');
}
