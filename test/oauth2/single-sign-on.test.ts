import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Headers, nobody, password, peopleOf, sessionOf } from '../../runtime/http/people.fixture.ts';
import { type Instance, misfits, startInstance } from '../../runtime/http/test-instance.fixture.ts';
import {
  type Claims,
  clientId,
  clientSecret,
  type IdentityProvider,
  startIdentityProvider,
} from './identity-provider.fixture.ts';
import { visit } from './visit.fixture.ts';

let instance: Instance;
let provider: IdentityProvider;
/** Of the tenant “other”. */
let elsewhere: IdentityProvider;
beforeAll(async () => {
  instance = await startInstance();
  const callback = `${instance.url}/api/v1/session/sso/callback`;
  provider = await startIdentityProvider(callback);
  elsewhere = await startIdentityProvider(callback, { inToken: true });
});
afterAll(async () => {
  provider?.stop();
  elsewhere?.stop();
  await instance?.stop();
});
beforeEach(async () => {
  expect((await set({})).status).toBe(200);
});

const { call, signIn, invite, join, idOf, audit } = peopleOf(() => instance);
const other = () => ({ 'x-api-key': instance.keys.other });

const settings = () => ({
  issuer: provider.issuer,
  clientId,
  domains: ['example.com'],
  newcomers: 'viewer' as string | null,
  passwords: true,
});
const set = (changes: object, by: Headers = {}) =>
  call('PUT', '/sign-in/sso', { ...settings(), clientSecret, ...changes }, by);

interface Begun {
  readonly url: string;
  readonly cookie: string;
}

async function begin(tenant = 'acme', headers: Headers = {}): Promise<Begun> {
  const response = await fetch(`${instance.url}/api/v1/session/sso/${tenant}`, { redirect: 'manual', headers });
  expect(response.status).toBe(303);
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
  return { url: response.headers.get('location') ?? '', cookie: cookie.split(';')[0] as string };
}

const comeBack = (url: string, cookie: string) => fetch(url, { redirect: 'manual', headers: { cookie } });

/** Somebody goes to the provider and comes back. */
async function come(claims: Claims, tenant = 'acme'): Promise<Response> {
  (tenant === 'acme' ? provider : elsewhere).comes = claims;
  const { url, cookie } = await begin(tenant);
  return comeBack(await visit(url, instance.url), cookie);
}

async function sessionFor(claims: Claims, tenant = 'acme'): Promise<Headers> {
  const response = await come(claims, tenant);
  expect([response.status, await response.text()]).toEqual([303, '']);
  return sessionOf(response);
}

const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;
const person = (name: string): Claims => ({
  sub: `sub of ${name}`,
  email: `${name}@example.com`,
  email_verified: true,
  name,
});

describe('R-X5 single sign-on', () => {
  test('lets a newcomer in with the role that the tenant says, and knows them by their subject from then on', async () => {
    const { url } = await begin();
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      response_type: 'code',
    });
    const ann = await sessionFor(person('ann'));
    expect((await call('GET', '/session', undefined, ann)).body).toMatchObject({
      tenant: { slug: 'acme' },
      user: { name: 'ann', secondFactor: false },
    });
    expect((await call('POST', '/keys', { name: 'x', role: 'viewer' }, ann)).status).toBe(403);
    const id = await idOf('ann@example.com');
    // The address of a person may change.
    await sessionFor({ ...person('ann'), email: 'ann.new@example.com' });
    expect(await idOf('ann@example.com')).toBe(id);
    expect(await idOf('ann.new@example.com')).toBeUndefined();
    const told = (await audit()).filter(({ who }) => who === 'ann').map(({ action, after }) => [action, after.by]);
    expect(told).toEqual([
      ['session.begin', 'single sign-on'],
      ['session.begin', 'single sign-on'],
      ['members.edit', 'single sign-on'],
    ]);
  });

  test('lets in only the invited where newcomers have no role, with the role of the invitation', async () => {
    await set({ newcomers: null });
    expect(await codeOf(await come(person('bob')))).toBe('NOT_A_MEMBER');
    await invite('bob@example.com', 'builder');
    const bob = await sessionFor(person('bob'));
    expect((await call('PUT', '/code-tables/t', { title: 'T' }, bob)).status).toBe(200);
  });

  test('finds the account of a member, whose password still opens the tenant', async () => {
    await join('cat@example.com', 'operator');
    const id = await idOf('cat@example.com');
    await sessionFor(person('cat'));
    expect(await idOf('cat@example.com')).toBe(id);
    expect((await signIn('cat@example.com')).status).toBe(204);
  });

  test('lets in nobody who was removed, until they are invited again', async () => {
    const dan = await sessionFor(person('dan'));
    expect((await call('POST', `/members/${await idOf('dan@example.com')}/remove`)).status).toBe(204);
    expect((await call('GET', '/session', undefined, dan)).status).toBe(401);
    expect(await codeOf(await come(person('dan')))).toBe('NOT_A_MEMBER');
    await invite('dan@example.com', 'viewer');
    await sessionFor(person('dan'));
  });

  test('alone opens a tenant that gave passwords up, once an admin has come so', async () => {
    await set({ domains: ['sole.example'] });
    const untried = await set({ domains: ['sole.example'], passwords: false });
    expect(untried).toMatchObject({ status: 409, body: { error: { code: 'SINGLE_SIGN_ON_UNTRIED' } } });
    const byPassword = await join('eve@sole.example', 'admin');
    const eve = await sessionFor({ ...person('eve'), email: 'eve@sole.example' });
    expect((await set({ domains: ['sole.example'], passwords: false })).status).toBe(200);
    expect(await signIn('eve@sole.example')).toMatchObject({
      status: 403,
      body: { error: { code: 'PASSWORD_NOT_USED' } },
    });
    expect((await call('GET', '/session', undefined, eve)).status).toBe(200);
    expect((await call('GET', '/session', undefined, byPassword)).status).toBe(401);
    const token = await invite('fay@sole.example', 'viewer');
    const accepted = await call('POST', '/invitations/accept', { token, name: 'Fay', password }, nobody);
    expect([accepted.status, accepted.headers.get('set-cookie')]).toEqual([204, null]);
    await sessionFor({ ...person('fay'), email: 'fay@sole.example' });
  });

  test('ends with its being removed', async () => {
    const gus = await sessionFor(person('gus'));
    const removed = await call('POST', '/sign-in/sso/remove');
    expect(misfits('post', '/sign-in/sso/remove', removed)).toEqual([]);
    expect((await call('GET', '/session', undefined, gus)).status).toBe(401);
    expect((await call('POST', '/sign-in/sso/remove')).status).toBe(404);
  });
});

describe('R-X5 single sign-on refuses', () => {
  test('a wrong state, another browser, and who comes back twice', async () => {
    provider.comes = person('hal');
    const { url, cookie } = await begin();
    const back = await visit(url, instance.url);
    for (const [address, shown] of [
      [back, ''],
      [back, 'millrace_sso=another'],
      [back.replace(/state=[\w-]+/, 'state=another'), cookie],
    ] as const)
      expect(await codeOf(await comeBack(address, shown))).toBe('SINGLE_SIGN_ON_STATE_UNKNOWN');
    expect((await comeBack(back, cookie)).status).toBe(303);
    expect(await codeOf(await comeBack(back, cookie))).toBe('SINGLE_SIGN_ON_STATE_UNKNOWN');
  });

  test('a code that was used already, or was given to another browser', async () => {
    provider.comes = person('hal');
    const first = await begin();
    const used = await visit(first.url, instance.url);
    expect((await comeBack(used, first.cookie)).status).toBe(303);
    const second = await begin();
    const fresh = new URL(await visit(second.url, instance.url));
    fresh.searchParams.set('code', new URL(used).searchParams.get('code') ?? '');
    const answer = await comeBack(fresh.href, second.cookie);
    expect(await answer.json()).toMatchObject({
      error: { code: 'SINGLE_SIGN_ON_REFUSED', details: { reason: 'invalid_grant' } },
    });
  });

  test('a token that was made for another visit', async () => {
    provider.comes = person('hal');
    const { url, cookie } = await begin();
    const tampered = new URL(url);
    tampered.searchParams.set('nonce', 'another');
    const answer = await comeBack(await visit(tampered.href, instance.url), cookie);
    expect(await codeOf(answer)).toBe('SINGLE_SIGN_ON_REFUSED');
  });

  test('another issuer than the tenant has named, in its description and in its answer', async () => {
    await set({ issuer: provider.issuer.replace('127.0.0.1', 'localhost') });
    const response = await fetch(`${instance.url}/api/v1/session/sso/acme`, { redirect: 'manual' });
    expect(await codeOf(response)).toBe('SINGLE_SIGN_ON_REFUSED');
    await set({});
    provider.comes = person('hal');
    const { url, cookie } = await begin();
    const back = new URL(await visit(url, instance.url));
    back.searchParams.set('iss', elsewhere.issuer);
    expect(await codeOf(await comeBack(back.href, cookie))).toBe('SINGLE_SIGN_ON_REFUSED');
  });

  test.each([
    ['an address that is not verified', { email_verified: false }, 'EMAIL_NOT_VERIFIED'],
    ['no word on whether it is verified', { email_verified: undefined }, 'EMAIL_NOT_VERIFIED'],
    ['no address', { email: undefined }, 'EMAIL_NOT_VERIFIED'],
    ['an address elsewhere', { email: 'hal@example.org' }, 'DOMAIN_NOT_ALLOWED'],
    ['an address below a domain', { email: 'hal@evil.example.com' }, 'DOMAIN_NOT_ALLOWED'],
    ['two addresses in one', { email: 'hal@example.org@example.com' }, 'EMAIL_NOT_VERIFIED'],
  ])('%s', async (_case, changes, code) => {
    const claims = { ...person('kim'), ...changes };
    expect(await codeOf(await come(JSON.parse(JSON.stringify(claims))))).toBe(code);
    await expect
      .poll(async () => (await audit())[0])
      .toMatchObject({ action: 'session.refuse', after: { refused: code }, address: '127.0.0.1' });
  });

  test('who comes from a provider that the tenant has changed meanwhile', async () => {
    provider.comes = person('hal');
    const { url, cookie } = await begin();
    const back = await visit(url, instance.url);
    await set({ issuer: elsewhere.issuer });
    expect(await codeOf(await comeBack(back, cookie))).toBe('SINGLE_SIGN_ON_STATE_UNKNOWN');
  });

  test('attack 87: who was sent by another site', async () => {
    const response = await fetch(`${instance.url}/api/v1/session/sso/acme`, {
      redirect: 'manual',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(await codeOf(response)).toBe('CROSS_SITE');
  });

  test('to tell which tenants there are', async () => {
    await call('POST', '/sign-in/sso/remove');
    const answers = ['acme', 'no-such-tenant'].map((slug) => call('GET', `/session/sso/${slug}`, undefined, nobody));
    const [without, unknown] = await Promise.all(answers);
    expect(without).toMatchObject({ status: 404, body: unknown?.body });
  });
});

describe('attack 90: a tenant’s provider', () => {
  beforeEach(async () => {
    const theirs = { issuer: elsewhere.issuer, domains: ['example.com', 'victim.example'], newcomers: 'admin' };
    expect((await set(theirs, other())).status).toBe(200);
  });

  test('gives nobody the account of somebody in another tenant', async () => {
    await join('liz@victim.example', 'admin');
    const claims = { ...person('liz'), email: 'liz@victim.example' };
    expect(await codeOf(await come(claims, 'other'))).toBe('NOT_A_MEMBER');
    const members = (await call('GET', '/members', undefined, other())).body.members;
    expect(members.map(({ email }: { email: string }) => email)).not.toContain('liz@victim.example');
  });

  test('lets who belongs to both tenants into its own alone', async () => {
    await join('max@victim.example', 'admin');
    const token = await invite('max@victim.example', 'viewer', other());
    await call('POST', '/invitations/accept', { token, name: 'Max', password }, nobody);
    const max = await sessionFor({ ...person('max'), email: 'max@victim.example' }, 'other');
    expect((await call('GET', '/session', undefined, max)).body.tenant.slug).toBe('other');
    expect((await call('GET', '/members', undefined, max)).status).toBe(403);
  });

  test('is nobody to another tenant, although both use the same one', async () => {
    await set({ issuer: provider.issuer }, other());
    await sessionFor(person('ned'));
    provider.comes = person('ned');
    const { url, cookie } = await begin('other');
    expect(await codeOf(await comeBack(await visit(url, instance.url), cookie))).toBe('NOT_A_MEMBER');
  });

  test('makes nobody the owner of the instance', async () => {
    const { auth } = instance.api;
    const link = (await auth.invitations.inviteOwner()) as string;
    await auth.accept({ token: link, name: 'Olga', password, email: 'olga@victim.example' }, null);
    const token = await invite('olga@victim.example', 'viewer', other());
    await call('POST', '/invitations/accept', { token, name: 'Olga', password }, nobody);
    const olga = await sessionFor({ ...person('olga'), email: 'olga@victim.example' }, 'other');
    expect((await call('GET', '/tenants', undefined, olga)).status).toBe(403);
  });

  test('is set by nobody who may do less than an admin', async () => {
    const scope = { actions: ['sign-in.edit'] as const };
    const key = await instance.api.auth.keys.create(instance.tenants.acme, { name: 'narrow', scope });
    expect((await set({}, { 'x-api-key': key })).status).toBe(403);
  });
});

describe('93 the secret of the client', () => {
  test('is found nowhere, and stays while it is left out', async () => {
    const answer = await call('PUT', '/sign-in/sso', settings());
    expect(misfits('put', '/sign-in/sso', answer)).toEqual([]);
    const shown = await call('GET', '/sign-in');
    expect(misfits('get', '/sign-in', shown)).toEqual([]);
    await sessionFor(person('pam'));
    const client = new pg.Client(instance.databaseUrl);
    await client.connect();
    const { rows } = await client.query('select s::text as row from millrace.single_sign_on s');
    await client.end();
    expect(rows.length).toBeGreaterThan(0);
    const everywhere =
      [answer, shown].map(({ body }) => JSON.stringify(body)).join() + rows.map(({ row }) => row).join();
    for (const text of [everywhere, JSON.stringify(await audit()), instance.logged.join('')]) {
      expect(text).not.toContain(clientSecret);
      expect(text).not.toContain(Buffer.from(clientSecret).toString('hex'));
    }
  });

  test('94 is not kept for another provider or client', async () => {
    for (const changes of [{ issuer: elsewhere.issuer }, { clientId: 'another' }])
      expect(await call('PUT', '/sign-in/sso', { ...settings(), ...changes })).toMatchObject({
        status: 400,
        body: { error: { code: 'CLIENT_SECRET_NEEDED', pointer: '/clientSecret' } },
      });
  });

  test.each([
    'ftp://login.example.com',
    'http://login.example.com',
    'https://a:b@login.example.com',
    'login',
    'https://x.y?z',
  ])('goes to no issuer such as %s', async (issuer) => {
    expect(await set({ issuer })).toMatchObject({ status: 400, body: { error: { code: 'ISSUER_INVALID' } } });
  });

  test('76 goes to no address that the instance does not call', async () => {
    await set({ issuer: 'https://10.0.0.1' });
    const answer = await call('GET', '/session/sso/acme', undefined, nobody);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'ADDRESS_REFUSED' } } });
  });

  test('that is wrong is told to who signs in without being repeated', async () => {
    await set({ clientSecret: 'canary that is wrong' });
    const answer = await come(person('pam'));
    const text = await answer.text();
    expect(text).toContain('the client is not accepted');
    expect(text).not.toContain('canary');
  });
});
