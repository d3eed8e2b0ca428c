import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { evaluateRules } from '../../runtime/alerts/evaluate-rules.ts';
import { openConnection } from '../../runtime/connections/open-connection.ts';
import { type Instance, misfits, startInstance } from '../../runtime/http/test-instance.fixture.ts';
import { type Database, openDatabase } from '../../runtime/postgres/database.ts';
import { clientId, clientSecret, type RunningProvider, startProvider } from './provider.fixture.ts';
import { visit } from './visit.fixture.ts';

let instance: Instance;
let provider: RunningProvider;
/** Of another process. */
let elsewhere: Database;
/** May look at everything. */
let admin: pg.Client;
beforeAll(async () => {
  instance = await startInstance();
  provider = await startProvider(`${instance.url}/api/v1/oauth2/callback`);
  elsewhere = openDatabase(instance.databaseUrl);
  admin = new pg.Client(instance.databaseUrl);
  await admin.connect();
});
afterAll(async () => {
  provider?.stop();
  await admin?.end();
  await elsewhere?.close();
  await instance?.stop();
});
beforeEach(() => provider.asked.clear());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

const login = () => ({
  baseUrl: provider.system,
  auth: 'oauth2',
  authorizationUrl: `${provider.issuer}/auth`,
  tokenUrl: `${provider.issuer}/token`,
  clientId,
  clientSecret,
  scope: 'openid offline_access',
  parameters: { prompt: 'consent' },
});

async function create(name: string, config: object = login()): Promise<string> {
  const { status, body } = await call('POST', '/connections', { name, type: 'core/http', config });
  expect(status).toBe(201);
  return body.id as string;
}

const tested = (id: string) => call('POST', `/connections/${id}/test`).then(({ body }) => body);
const healthOf = (id: string) => call('GET', `/connections/${id}`).then(({ body }) => body.health);

interface Begun {
  readonly url: string;
  readonly cookie: string;
}

async function begin(id: string): Promise<Begun> {
  const answer = await call('POST', `/connections/${id}/authorize`);
  expect(misfits('post', '/connections/:id/authorize', answer)).toEqual([]);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
  return { url: answer.body.url, cookie: cookie.split(';')[0] as string };
}

const comeBack = (url: string, cookie: string) => fetch(url, { redirect: 'manual', headers: { cookie } });

async function authorize(id: string): Promise<void> {
  const { url, cookie } = await begin(id);
  const { status } = await comeBack(await visit(url, instance.url), cookie);
  expect(status).toBe(303);
}

/** As if the time to renew the access token had come. */
const makeOld = (id: string) =>
  admin.query(
    `update millrace.connection_grant set renew_at = now() - interval '1 s', renewed_at = now() - interval '1 h' where connection_id = $1`,
    [id],
  );

const use = (id: string, database = instance.api.database) =>
  openConnection({ ...instance.api, database }, instance.tenants.acme.id, id);

describe('R-E1 a connection that a person authorises', () => {
  test('is let in after that, and not before; the way there is bound to the browser by state, cookie and PKCE', async () => {
    const id = await create('authorised');
    expect(await tested(id)).toEqual({ ok: false, message: expect.stringContaining('Nobody has authorised') });
    expect(await healthOf(id)).toMatchObject({ ok: false, code: 'OAUTH2_NOT_AUTHORISED' });
    const { url, cookie } = await begin(id);
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      prompt: 'consent',
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
    const back = await visit(url, instance.url);
    for (const [address, shown] of [
      [back, ''],
      [back, 'millrace_oauth2=another'],
      [back.replace(/state=[\w-]+/, 'state=another'), cookie],
    ] as const)
      expect(await (await comeBack(address, shown)).json()).toMatchObject({ error: { code: 'OAUTH2_STATE_UNKNOWN' } });
    expect((await comeBack(back, cookie)).status).toBe(303);
    expect(await healthOf(id)).toMatchObject({ ok: true });
    expect(await tested(id)).toMatchObject({ ok: true });
    // Nobody comes back twice.
    expect(await (await comeBack(back, cookie)).json()).toMatchObject({ error: { code: 'OAUTH2_STATE_UNKNOWN' } });
  });

  test('is not let in where the person does not agree', async () => {
    const id = await create('denied', { ...login(), scope: 'openid denied' });
    const { url, cookie } = await begin(id);
    const answer = await comeBack(await visit(url, instance.url), cookie);
    expect(await answer.json()).toMatchObject({
      error: { code: 'OAUTH2_DENIED', message: expect.stringContaining('access_denied') },
    });
  });

  test('has its token renewed once, however many uses in two processes need it at the same time', async () => {
    const id = await create('shared');
    await authorize(id);
    for (let round = 1; round <= 4; round++) {
      await makeOld(id);
      const uses = [instance.api.database, elsewhere].flatMap((database) =>
        Array.from({ length: 6 }, () => use(id, database)),
      );
      const tokens = (await Promise.all(uses)).map(({ config }) => config.accessToken);
      expect(new Set(tokens).size).toBe(1);
      expect(provider.asked.get('refresh_token')).toBe(round);
    }
    expect(await tested(id)).toMatchObject({ ok: true });
  });

  test('uses the present token while nobody gives a new one', async () => {
    const id = await create('patient');
    await authorize(id);
    await makeOld(id);
    provider.away = true;
    try {
      const { config } = await use(id);
      expect(config.accessToken).toEqual(expect.any(String));
      await admin.query('update millrace.connection_grant set expires_at = now() where connection_id = $1', [id]);
      await expect(use(id)).rejects.toMatchObject({ code: 'OAUTH2_UNREACHABLE', category: 'transient' });
    } finally {
      provider.away = false;
    }
    expect(await tested(id)).toMatchObject({ ok: true });
  });

  test('is renewed after its token was refused', async () => {
    const id = await create('refused');
    await authorize(id);
    const run = await flowWith(id, 'refused-once');
    const { config } = await use(id);
    provider.revoked.add(config.accessToken as string);
    await admin.query(
      `update millrace.connection_grant set renewed_at = now() - interval '1 h' where connection_id = $1`,
      [id],
    );
    expect(await run()).toMatchObject({ status: 'failed', error: { code: 'HTTP_401' } });
    await instance.api.health.flush();
    expect(await run()).toMatchObject({ status: 'succeeded' });
  });

  test('R-E19 whose grant has died raises an alert until somebody authorises it again; nothing is tried meanwhile', async () => {
    const id = await create('died');
    await authorize(id);
    const run = await flowWith(id, 'died');
    provider.forget();
    await makeOld(id);
    const failed = await run();
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'OAUTH2_REFUSED', category: 'auth' } });
    expect(failed.error.message).toContain('authorise the connection again');
    await instance.api.health.flush();
    expect(await healthOf(id)).toMatchObject({ ok: false, code: 'OAUTH2_REFUSED' });
    const alerts = async () => {
      await evaluateRules(instance.api.database);
      const { rows } = await admin.query(
        `select message, severity from millrace.alert where code = 'CONNECTION_REFUSED' and incident = $1`,
        [`connection ${id}`],
      );
      return rows;
    };
    expect(await alerts()).toMatchObject([
      { severity: 'high', message: expect.stringContaining('“died” in production') },
    ]);
    const asked = provider.asked.get('refresh_token');
    await run();
    expect(provider.asked.get('refresh_token')).toBe(asked);
    await authorize(id);
    expect(await alerts()).toEqual([]);
    expect(await run()).toMatchObject({ status: 'succeeded' });
  });

  test('R-E4 logs in anew where somebody wants that, though its token is still good', async () => {
    const id = await create('anew');
    await authorize(id);
    const before = (await use(id)).config.accessToken;
    const answer = await call('POST', `/connections/${id}/authenticate`);
    expect(misfits('post', '/connections/:id/authenticate', answer)).toEqual([]);
    expect(answer.body).toMatchObject({ ok: true });
    expect((await use(id)).config.accessToken).not.toBe(before);
  });

  test('94 takes what it was granted to no other address', async () => {
    const id = await create('moved');
    await authorize(id);
    const moved = { ...login(), baseUrl: `${provider.system}/other`, clientSecret };
    expect((await call('PUT', `/connections/${id}`, { config: moved })).status).toBe(200);
    await expect(use(id)).rejects.toMatchObject({ code: 'OAUTH2_NOT_AUTHORISED' });
  });
});

describe('R-E1 a connection that logs in as a client by itself', () => {
  const asClient = () => ({
    baseUrl: provider.system,
    auth: 'oauth2-client',
    tokenUrl: `${provider.issuer}/token`,
    clientId,
    clientSecret,
  });

  test.each(['basic', 'body'])('gets one token for all uses, proving itself by %s', async (clientAuthentication) => {
    const config = { ...asClient(), clientAuthentication };
    const id = await create(`client by ${clientAuthentication}`, config);
    expect(await tested(id)).toMatchObject({ ok: true });
    await Promise.all([use(id), use(id, elsewhere)]);
    expect(provider.asked.get('client_credentials')).toBe(1);
  });

  test('is told what is wrong with its secret, and let in once that is right', async () => {
    const id = await create('client mended', { ...asClient(), clientSecret: 'canary that is wrong' });
    expect((await tested(id)).message).toMatch(
      /does not accept the client; check its id, its secret.*\(invalid_client\)\.$/,
    );
    await call('POST', `/connections/${id}/rotate`, { secrets: { clientSecret } });
    expect(await tested(id)).toMatchObject({ ok: true });
  });

  test('R-E4 keeps its secret where the one that is to replace it gets no token, though the present token is good', async () => {
    const id = await create('client kept', asClient());
    const refused = await call('POST', `/connections/${id}/rotate`, { secrets: { clientSecret: 'canary mistyped' } });
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { code: 'CONNECTION_FAILS', message: expect.stringContaining('invalid_client') } },
    });
    await makeOld(id);
    expect((await use(id)).config.accessToken).toEqual(expect.any(String));
    expect(await tested(id)).toMatchObject({ ok: true });
  });

  test('is refused where its secret would go without encryption', async () => {
    const id = await create('client in clear', { ...asClient(), tokenUrl: 'http://login.example.com/token' });
    expect(await tested(id)).toMatchObject({ ok: false, message: expect.stringContaining('must begin with https://') });
  });
});

test('93 neither tokens nor the client’s secret are found in answers, history, logs or the database', async () => {
  const id = await create('canary');
  await authorize(id);
  await (await flowWith(id, 'canary'))();
  const tables = await admin.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'millrace'`,
  );
  const stored = [];
  for (const { name } of tables.rows) {
    const { rows } = await admin.query(`select t::text as row from ${name} t`);
    stored.push(...rows.map(({ row }) => row as string));
  }
  const answers = [await call('GET', '/connections'), await call('GET', `/connections/${id}/history`)];
  const everywhere = [...stored, ...instance.logged, ...answers.map(({ body }) => JSON.stringify(body))].join('\n');
  expect(everywhere).toContain('[hidden]');
  const secrets = [clientSecret, encodeURIComponent(clientSecret), ...provider.shown].filter((text) => text !== '');
  expect(secrets.length).toBeGreaterThan(5);
  for (const secret of secrets) {
    expect(everywhere.includes(secret)).toBe(false);
    expect(everywhere.includes(Buffer.from(secret).toString('hex'))).toBe(false);
  }
});

/** A flow that asks the system once; answers what runs it. */
async function flowWith(connection: string, id: string) {
  const ask = {
    type: 'core/http-request',
    version: 1,
    connection: 'erp',
    config: { url: 'orders' },
    retry: { attempts: 1 },
  };
  const nodes = { start: { type: 'core/manual', version: 1, config: {} }, ask };
  const connections = { erp: { type: 'core/http' } };
  await call('POST', '/flows', {
    flow: { format: 1, id, name: id, connections, nodes, edges: [{ from: 'start', to: 'ask' }] },
  });
  expect((await call('POST', `/flows/${id}/deploy`, { connections: { erp: connection } })).status).toBe(200);
  return async () => {
    const { body } = await call('POST', `/flows/${id}/run`, { payload: {} });
    await instance.api.engine.settle();
    return (await call('GET', `/runs/${body.runId}`)).body;
  };
}
