import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAuth } from '../auth/auth.ts';
import type { MasterKey } from '../secrets/envelope.ts';
import { masterKeyFrom, masterKeysOf } from '../secrets/master-keys.ts';
import { codeOf, type Headers, nobody, password, peopleOf, sessionOf } from './people.fixture.ts';
import { type Instance, misfits, startInstance } from './test-instance.fixture.ts';

const first = masterKeyFrom(randomBytes(32));
let keys: readonly MasterKey[] = [first];
const masterKeys = masterKeysOf({ name: 'test', read: () => keys, pauseMs: 0 });
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ masterKeys });
});
afterAll(() => instance?.stop());

const { call, signIn, invite, join, idOf, audit } = peopleOf(() => instance);

interface Setup {
  readonly secret: string;
  readonly url: string;
  readonly backupCodes: string[];
}

async function begin(person: Headers): Promise<Setup> {
  const answer = await call('POST', '/session/second-factor', { password }, person);
  expect(misfits('post', '/session/second-factor', answer)).toEqual([]);
  return answer.body;
}

const confirm = (person: Headers, code: string) => call('POST', '/session/second-factor/confirm', { code }, person);

/** Sets a second factor up; the code of this moment is used up by that. */
async function setUp(person: Headers): Promise<Setup> {
  const setup = await begin(person);
  expect((await confirm(person, codeOf(setup.secret))).status).toBe(204);
  return setup;
}

const codeNeeded = { status: 401, body: { error: { code: 'CODE_NEEDED', pointer: '/code' } } };
const codeRefused = { status: 401, body: { error: { code: 'CODE_REFUSED' } } };

describe('R-X5 a second factor', () => {
  test('is asked for from its first code on, and each code is good once', async () => {
    const ann = await join('ann@example.com', 'viewer');
    const elsewhere = sessionOf(await signIn('ann@example.com'));
    const { secret, url } = await begin(ann);
    expect(new URL(url)).toMatchObject({ protocol: 'otpauth:', host: 'totp' });
    expect(url).toContain('ann%40example.com');
    expect((await signIn('ann@example.com')).status).toBe(204);
    expect(await confirm(ann, '000000')).toMatchObject(codeRefused);
    const code = codeOf(secret);
    expect((await confirm(ann, code)).status).toBe(204);
    expect((await call('GET', '/session', undefined, ann)).body.user).toEqual({
      name: 'ann@example.com',
      secondFactor: true,
    });
    expect((await call('GET', '/session', undefined, elsewhere)).status).toBe(401);

    expect(await signIn('ann@example.com')).toMatchObject(codeNeeded);
    expect(await signIn('ann@example.com', 'a wrong password', { code })).toMatchObject({
      body: { error: { code: 'SIGN_IN_REFUSED' } },
    });
    expect(await signIn('ann@example.com', password, { code })).toMatchObject(codeRefused);
    const next = codeOf(secret, 1);
    const both = await Promise.all([1, 2].map(() => signIn('ann@example.com', password, { code: next })));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 401]);
  });

  test('has backup codes, each of which is good once', async () => {
    const bob = await join('bob@example.com', 'viewer');
    const { backupCodes } = await setUp(bob);
    expect(backupCodes).toHaveLength(10);
    const [code = ''] = backupCodes;
    expect((await signIn('bob@example.com', password, { code })).status).toBe(204);
    expect(await signIn('bob@example.com', password, { code })).toMatchObject(codeRefused);
  });

  test('is taken off by password and code alone', async () => {
    const cat = await join('cat@example.com', 'viewer');
    const remove = (given: object) => call('POST', '/session/second-factor/remove', given, cat);
    expect(await remove({ password, code: '000000' })).toMatchObject({
      status: 409,
      body: { error: { code: 'SECOND_FACTOR_OFF' } },
    });
    const { secret, backupCodes } = await setUp(cat);
    expect(await call('POST', '/session/second-factor', { password }, cat)).toMatchObject({
      status: 409,
      body: { error: { code: 'SECOND_FACTOR_ON' } },
    });
    const [backup = ''] = backupCodes;
    expect((await remove({ password: 'a wrong password', code: backup })).status).toBe(401);
    expect(await remove({ password, code: '000000' })).toMatchObject(codeRefused);
    expect((await remove({ password, code: codeOf(secret, 1) })).status).toBe(204);
    expect((await signIn('cat@example.com')).status).toBe(204);
    const told = (await audit()).filter(({ action, who }) => action === 'session.edit' && who === 'cat@example.com');
    expect(told.map(({ after }) => after)).toEqual([{ secondFactor: false }, { secondFactor: true }]);
  });

  test('attack 88: cannot be guessed by who knows the password', async () => {
    const dan = await join('dan@example.com', 'viewer');
    const { secret } = await setUp(dan);
    const guess = (code: string) => signIn('dan@example.com', password, { code });
    for (let n = 0; n < 10; n++) expect((await guess(`00000${n}`)).status).toBe(401);
    expect(await guess(codeOf(secret, 1))).toMatchObject({
      status: 429,
      body: { error: { code: 'SIGN_IN_TOO_OFTEN' } },
    });
  });

  test('is asked for by an invitation to another tenant too', async () => {
    const eve = await join('eve@example.com', 'viewer');
    const { backupCodes } = await setUp(eve);
    const token = await invite('eve@example.com', 'viewer', { 'x-api-key': instance.keys.other });
    const accept = (more: object) =>
      call('POST', '/invitations/accept', { token, name: 'Eve', password, ...more }, nobody);
    expect(await accept({})).toMatchObject(codeNeeded);
    expect((await accept({ code: backupCodes[0] })).status).toBe(204);
  });

  test('goes with the password that an admin lets be set anew', async () => {
    const fay = await join('fay@example.com', 'viewer');
    await setUp(fay);
    const { token } = (await call('POST', `/members/${await idOf('fay@example.com')}/reset-password`)).body;
    expect((await call('POST', '/session/reset-password', { token, password }, nobody)).status).toBe(204);
    expect((await signIn('fay@example.com')).status).toBe(204);
  });

  test('is stored encrypted, and outlives a new master key', async () => {
    const gus = await join('gus@example.com', 'viewer');
    const { secret, backupCodes } = await setUp(gus);
    const client = new pg.Client(instance.databaseUrl);
    await client.connect();
    const { rows } = await client.query('select row_to_json(t)::text as row from auth."twoFactor" as t');
    await client.end();
    const text = rows.map(({ row }) => row).join('') + instance.logged.join('') + JSON.stringify(await audit());
    for (const canary of [secret, ...backupCodes]) expect(text).not.toContain(canary);

    keys = [masterKeyFrom(randomBytes(32)), first];
    const { database, network, log } = instance.api;
    const options = { url: instance.databaseUrl, database, masterKeys, network, publicUrl: instance.url, log };
    const restarted = await openAuth(options);
    try {
      const given = { email: 'gus@example.com', password };
      const cookie = await restarted.signIn({ ...given, code: codeOf(secret, 1) }, null);
      expect(cookie).toContain('session_token');
      expect(await restarted.signIn({ ...given, code: backupCodes[0] }, null)).toContain('session_token');
    } finally {
      await restarted.close();
      keys = [first];
    }
  });
});

describe('R-X5 a tenant whose members need a second factor', () => {
  test('is closed to who has none, but for setting one up', async () => {
    const hal = await join('hal@example.com', 'builder');
    const need = (needed: boolean) => call('PUT', '/sign-in/second-factor', { needed });
    const answer = await need(true);
    expect(misfits('put', '/sign-in/second-factor', answer)).toEqual([]);
    try {
      expect((await call('GET', '/sign-in')).body).toMatchObject({ secondFactorNeeded: true, singleSignOn: null });
      const late = sessionOf(await signIn('hal@example.com'));
      expect((await call('GET', '/session', undefined, late)).status).toBe(200);
      const refused = await call('GET', '/flows', undefined, late);
      expect(refused.status).toBe(403);
      expect(refused.body.error.message).toBe(
        '“flows.read” needs the role viewer, operator, builder or admin; you have only session.read, session.edit until you have set up a second factor.',
      );
      await setUp(late);
      expect((await call('GET', '/flows', undefined, late)).status).toBe(200);
      expect((await call('GET', '/flows')).status).toBe(200);
      expect((await call('GET', '/flows', undefined, hal)).status).toBe(401);
    } finally {
      await need(false);
    }
  });
});
