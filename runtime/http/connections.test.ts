import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openConnection } from '../connections/open-connection.ts';
import { dropPreviousSecrets } from '../connections/rotate-secret.ts';
import { noteOutcome } from '../postgres/connections/health.ts';
import { setQuota } from '../postgres/connections/quota.ts';
import { type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

describe('a connection', () => {
  const config = { host: 'sftp.example', password: 'right' };

  test('is created, listed and changed without ever showing its secret', async () => {
    const created = await call('POST', '/connections', { name: 'ERP', type: 'test/vault', config });
    expect(misfits('post', '/connections', created)).toEqual([]);
    expect(created.body).toMatchObject({
      name: 'ERP',
      config: { host: 'sftp.example', port: 22, password: { set: true } },
      usedBy: [],
    });
    const list = await call('GET', '/connections');
    expect(misfits('get', '/connections', list)).toEqual([]);
    expect(JSON.stringify(list.body)).not.toContain('right');
    const tested = await call('POST', `/connections/${created.body.id}/test`);
    expect(misfits('post', '/connections/:id/test', tested)).toEqual([]);
    expect(tested.body).toEqual({ ok: true, message: 'Asked sftp.example.' });
    const twin = await call('POST', '/connections', { name: 'ERP', type: 'test/vault', config });
    expect(twin).toMatchObject({ status: 409, body: { error: { code: 'NAME_TAKEN' } } });
  });

  test('keeps its secret over harmless changes, and asks for it again when it would be sent elsewhere', async () => {
    const { body } = await call('POST', '/connections', { name: 'kept', type: 'test/vault', config });
    const put = (next: object) => call('PUT', `/connections/${body.id}`, { config: next });
    const harmless = await put({ host: 'sftp.example', port: 22, pollSeconds: 5, password: { set: true } });
    expect(misfits('put', '/connections/:id', harmless)).toEqual([]);
    expect((await put({ host: 'sftp.example', port: 22, pollSeconds: 9 })).status).toBe(200);
    expect((await call('POST', `/connections/${body.id}/test`)).body.ok).toBe(true);
    for (const elsewhere of [{ host: 'evil.example' }, { host: 'sftp.example', port: 2222, pollSeconds: 9 }])
      expect(await put(elsewhere)).toMatchObject({
        status: 422,
        body: { error: { code: 'CONNECTION_SECRET_NEEDED' } },
      });
    expect((await put({ host: 'new.example', password: 'other' })).status).toBe(200);
  });

  test('that does not fit its type is refused without quoting the secret', async () => {
    const answer = await call('POST', '/connections', {
      name: 'x',
      type: 'test/vault',
      config: { password: 'canary', port: 'a' },
    });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'CONNECTION_INVALID' } } });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  });
});

describe('R-E4 a connection that flows use', () => {
  const flow = (id: string) => ({
    format: 1,
    id,
    name: id,
    connections: { erp: { type: 'core/http' } },
    nodes: {
      start: { type: 'core/manual', version: 1, config: {} },
      ask: {
        type: 'core/http-request',
        version: 1,
        connection: 'erp',
        config: { url: 'orders' },
        retry: { attempts: 1 },
      },
    },
    edges: [{ from: 'start', to: 'ask' }],
  });

  async function deployed(id: string, baseUrl = 'http://127.0.0.1:9') {
    const config = { baseUrl, auth: 'bearer', token: 'canary-of-health' };
    const { body } = await call('POST', '/connections', { name: id, type: 'core/http', config });
    await call('POST', '/flows', { flow: flow(id) });
    const answer = await call('POST', `/flows/${id}/deploy`, { connections: { erp: body.id } });
    expect(answer.status).toBe(200);
    return body.id as string;
  }

  test('is deleted only when no deployment uses it, and told where one does', async () => {
    const id = await deployed('uses-it');
    const { body } = await call('GET', `/connections/${id}`);
    expect(body.usedBy).toEqual([{ flow: 'uses-it', slot: 'erp', environment: 'production' }]);
    expect(await call('POST', `/connections/${id}/remove`)).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'CONNECTION_IN_USE',
          message: expect.stringContaining('“erp” of the flow “uses-it” in production'),
          problems: [{ code: 'CONNECTION_IN_USE' }],
        },
      },
    });
    const other = await call('POST', '/connections', {
      name: 'another',
      type: 'core/http',
      config: { baseUrl: 'http://127.0.0.1:9', auth: 'none' },
    });
    await call('POST', '/flows/uses-it/deploy', { connections: { erp: other.body.id } });
    const gone = await call('POST', `/connections/${id}/remove`);
    expect(misfits('post', '/connections/:id/remove', gone)).toEqual([]);
    expect((await call('GET', `/connections/${id}`)).status).toBe(404);
    expect((await call('POST', `/connections/${id}/remove`)).status).toBe(404);
  });

  test('is not deleted while a run under way began with it', async () => {
    const id = await deployed('began-with-it');
    await call('POST', '/flows/began-with-it/pause');
    const { body } = await call('POST', '/flows/began-with-it/run', { payload: {} });
    const other = await deployed('takes-over');
    await call('POST', '/flows/began-with-it/deploy', { connections: { erp: other } });
    expect(await call('POST', `/connections/${id}/remove`)).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('A run under way began with it') } },
    });
    await instance.api.engine.cancel(instance.tenants.acme.id, body.runId);
    await call('POST', '/flows/began-with-it/resume');
    await instance.api.engine.settle();
    expect((await call('POST', `/connections/${id}/remove`)).status).toBe(204);
  });

  test('that is deleted while somebody deploys with it is either kept or not deployed with', async () => {
    const config = { baseUrl: 'http://127.0.0.1:9', auth: 'none' };
    await call('POST', '/flows', { flow: flow('race') });
    for (let n = 0; n < 8; n++) {
      const { body } = await call('POST', '/connections', { name: `race ${n}`, type: 'core/http', config });
      const [deployment, deletion] = await Promise.all([
        call('POST', '/flows/race/deploy', { connections: { erp: body.id } }),
        call('POST', `/connections/${body.id}/remove`),
      ]);
      expect([deployment.status, deletion.status]).toSatisfy(
        ([put, gone]) => (put === 200 && gone === 409) || (put === 422 && gone === 204),
      );
    }
  });

  test('tells how it fares: each test, each failure alike once, and when it works again', async () => {
    const system = await startSystem();
    const id = await deployed('fares', system.url);
    const run = async () => {
      await call('POST', '/flows/fares/run', { payload: {} });
      await instance.api.engine.settle();
    };
    const health = async () => (await call('GET', `/connections/${id}`)).body.health;
    expect(await health()).toMatchObject({ ok: true, lastUsedAt: null });
    await run();
    await instance.api.health.flush();
    expect(await health()).toMatchObject({ ok: true, lastUsedAt: expect.any(String) });

    system.answers = 500;
    for (let n = 0; n < 3; n++) await run();
    await instance.api.health.flush();
    expect(await health()).toMatchObject({ ok: false, code: 'HTTP_500', lastOkAt: expect.any(String) });
    system.answers = 401;
    await call('POST', `/connections/${id}/test`);
    system.answers = 422;
    await run();
    system.answers = 200;
    await run();
    await instance.api.health.flush();
    const shown = await call('GET', `/connections/${id}/history`);
    expect(misfits('get', '/connections/:id/history', shown)).toEqual([]);
    expect(shown.body.events).toMatchObject([
      { kind: 'use', ok: true, times: 1 },
      { kind: 'test', ok: false, message: expect.stringContaining('refuses the login') },
      { kind: 'use', ok: false, code: 'HTTP_500', times: 3 },
      { kind: 'test', ok: true },
    ]);
    expect(await health()).toMatchObject({ ok: true, code: null });
    expect(JSON.stringify([shown.body, await health()])).not.toContain('canary');
  });

  test('keeps the newest hundred of what there was', async () => {
    const id = await deployed('tested-often');
    const { database } = instance.api;
    const outcome = { connection: id, kind: 'test', ok: true, times: 1 } as const;
    await database.asTenants([instance.tenants.acme.id], async (tx) => {
      for (let n = 1; n <= 105; n++) await noteOutcome(tx, { ...outcome, message: `Test ${n}.` });
    });
    const { events } = (await call('GET', `/connections/${id}/history`)).body;
    expect(events).toHaveLength(100);
    expect([events[0].message, events[99].message]).toEqual(['Test 105.', 'Test 6.']);
  });

  test('78 is nothing to another tenant', async () => {
    const id = await deployed('mine');
    const stranger = { 'x-api-key': instance.keys.other };
    const tries = [
      ['GET', ''],
      ['GET', '/history'],
      ['POST', '/test'],
      ['POST', '/remove'],
      ['POST', '/authorize'],
      ['POST', '/rotate', { secrets: { token: 'x' } }],
      ['PUT', '', { config: {} }],
    ] as const;
    for (const [method, path, body] of tries)
      expect(await call(method, `/connections/${id}${path}`, body, stranger)).toMatchObject({ status: 404 });
  });
});

describe('R-E4 the secret of a connection is rotated', () => {
  const create = async (name: string, type: string, config: object) =>
    (await call('POST', '/connections', { name, type, config })).body.id as string;

  test('the former one staying valid for a while where the type knows one, and then going by itself', async () => {
    const id = await create('rotated', 'core/webhook-secret', { current: 'first secret' });
    const rotated = await call('POST', `/connections/${id}/rotate`, {
      secrets: { current: 'second secret' },
      keepFor: 'PT1H',
    });
    expect(misfits('post', '/connections/:id/rotate', rotated)).toEqual([]);
    expect(rotated.body.config).toEqual({ current: { set: true }, previous: { set: true } });
    const until = new Date(rotated.body.previousUntil).getTime() - Date.now();
    expect(until).toBeGreaterThan(3_500_000);
    expect(await secretsOf(id)).toEqual({ current: 'second secret', previous: 'first secret' });

    await dropPreviousSecrets(instance.api);
    expect(await secretsOf(id)).toHaveProperty('previous');
    await call('POST', `/connections/${id}/rotate`, { secrets: { current: 'third secret' }, keepFor: 'PT0S' });
    await dropPreviousSecrets(instance.api);
    expect(await secretsOf(id)).toEqual({ current: 'third secret' });
    expect((await call('GET', `/connections/${id}`)).body).toMatchObject({ previousUntil: null });
  });

  test('at once where it knows none; nothing but secrets is taken', async () => {
    const id = await create('rotated at once', 'test/vault', { host: 'a.example', password: 'wrong' });
    expect((await call('POST', `/connections/${id}/test`)).body.ok).toBe(false);
    const rotated = await call('POST', `/connections/${id}/rotate`, { secrets: { password: 'right' } });
    expect(rotated.body.previousUntil).toBe(null);
    expect((await call('POST', `/connections/${id}/test`)).body.ok).toBe(true);
    expect(await call('POST', `/connections/${id}/rotate`, { secrets: { host: 'evil.example' } })).toMatchObject({
      status: 400,
      body: { error: { code: 'CONNECTION_INVALID', pointer: '/secrets/host' } },
    });
    const long = { secrets: { password: 'x' }, keepFor: 'P31D' };
    expect((await call('POST', `/connections/${id}/rotate`, long)).body.error.pointer).toBe('/keepFor');
  });

  const secretsOf = async (id: string) => (await openConnection(instance.api, instance.tenants.acme.id, id)).config;
});

test('R-E4 a tenant has as many connections as it may, by environment', async () => {
  const { database } = instance.api;
  const { id } = instance.tenants.other;
  const asOther = { 'x-api-key': instance.keys.other };
  await database.asTenants([id], (tx) => setQuota(tx, id, 2));
  const create = (name: string, environment: string) =>
    call('POST', '/connections', { name, type: 'test/shelf', environment, config: { folder: '/' } }, asOther);
  const answers = await Promise.all([1, 2, 3, 4].map((n) => create(`n ${n}`, n % 2 ? 'sandbox' : 'production')));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
  expect((await create('more', 'sandbox')).body.error).toMatchObject({ code: 'CONNECTION_QUOTA' });
  const { body } = await call('GET', '/connections', undefined, asOther);
  await database.asTenants([id], (tx) => setQuota(tx, id, 1));
  const change = { config: { folder: '/other' } };
  expect((await call('PUT', `/connections/${body.connections[0].id}`, change, asOther)).status).toBe(200);
  expect(body.quota).toEqual({ used: 2, limit: 2 });
  const inEach = await Promise.all(
    ['sandbox', 'production'].map((name) => call('GET', `/connections?environment=${name}`, undefined, asOther)),
  );
  expect(inEach.flatMap((answer) => answer.body.connections)).toHaveLength(2);
});

/** Answers whatever it is asked with one status. */
async function startSystem() {
  const system = { answers: 200, url: '' };
  const server = createServer((_request, response) => response.writeHead(system.answers).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  system.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return system;
}
