import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Answer, type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

/** Lets in who shows one of the tokens; a test asks for the base address, a flow for its orders. */
async function startSystem(...tokens: string[]) {
  const system = { tokens: new Set(tokens), isAway: false, tests: 0, orders: 0, url: '' };
  const server = createServer((request, response) => {
    if (request.url === '/') system.tests++;
    else system.orders++;
    const isKnown = system.tokens.has((request.headers.authorization ?? '').replace('Bearer ', ''));
    response.writeHead(system.isAway ? 503 : isKnown ? 200 : 401).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  system.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return system;
}

async function create(name: string, baseUrl: string, token: string) {
  const created = await call('POST', '/connections', { name, type: 'core/http', config: http(baseUrl, token) });
  expect(misfits('post', '/connections', created)).toEqual([]);
  return created.body;
}

const http = (baseUrl: string, token?: string) => ({ baseUrl, auth: 'bearer', ...(token !== undefined && { token }) });
const shown = (id: string) => call('GET', `/connections/${id}`).then(({ body }) => body);

/** A flow that asks for orders over the connection. */
async function deploy(id: string, connection: string): Promise<Answer['body']['warnings']> {
  const retry = { attempts: 1 };
  const ask = { type: 'core/http-request', version: 1, connection: 'erp', config: { url: 'orders' }, retry };
  const nodes = { start: { type: 'core/manual', version: 1, config: {} }, ask };
  const edges = [{ from: 'start', to: 'ask' }];
  await call('POST', '/flows', {
    flow: { format: 1, id, name: id, connections: { erp: { type: 'core/http' } }, nodes, edges },
  });
  const { status, body } = await call('POST', `/flows/${id}/deploy`, { connections: { erp: connection } });
  expect(status).toBe(200);
  return body.warnings;
}

async function run(flow: string, times = 1) {
  const begun = await Promise.all(
    Array.from({ length: times }, () => call('POST', `/flows/${flow}/run`, { payload: {} })),
  );
  await instance.api.engine.settle();
  const ended = await Promise.all(begun.map(({ body }) => call('GET', `/runs/${body.runId}`)));
  return ended.map(({ body }) => ({ status: body.status, code: body.error?.code, message: body.error?.message }));
}

describe('R-E4 a connection is in use by flows once its test was good', () => {
  test('it is tested when it is made; a flow gets no further than the test before that is good', async () => {
    const system = await startSystem('right');
    const { id, status, health } = await create('first', system.url, 'later-right');
    expect({ status, health }).toMatchObject({
      status: 'inactive',
      health: { ok: false, message: expect.stringContaining('refuses the login'), lastOkAt: null },
    });
    const message = expect.stringMatching(/“first”.*refuses the login/);
    expect(await deploy('first', id)).toEqual([
      { code: 'CONNECTION_INACTIVE', pointer: '/connections/erp', severity: 'warning', message },
    ]);
    expect(await run('first')).toEqual([{ status: 'failed', code: 'CONNECTION_INACTIVE', message }]);
    expect(system.orders).toBe(0);
    system.tokens.add('later-right');
    expect((await call('POST', `/connections/${id}/test`)).body.ok).toBe(true);
    expect(await shown(id)).toMatchObject({ status: 'active' });
    expect(await run('first')).toMatchObject([{ status: 'succeeded' }]);
  });

  test('what was away when it was made is tested when it is used, once for many runs, and needs nobody', async () => {
    const system = await startSystem('right');
    system.isAway = true;
    const { id, status } = await create('away at first', system.url, 'right');
    expect(status).toBe('inactive');
    await deploy('away-at-first', id);
    system.isAway = false;
    system.tests = 0;
    expect(new Set((await run('away-at-first', 10)).map((ended) => ended.status))).toEqual(new Set(['succeeded']));
    expect(system.tests).toBe(1);
    expect(await shown(id)).toMatchObject({ status: 'active' });
  });

  test('one whose system is away for a while stays in use', async () => {
    const system = await startSystem('right');
    const { id, status } = await create('away later', system.url, 'right');
    expect(status).toBe('active');
    expect(await deploy('away-later', id)).toEqual([]);
    system.isAway = true;
    expect(await run('away-later')).toMatchObject([{ status: 'failed', code: 'HTTP_503' }]);
    await call('POST', `/connections/${id}/test`);
    expect(await shown(id)).toMatchObject({ status: 'active', health: { ok: false } });
  });

  test('it is tested anew where it leads elsewhere or logs in otherwise, and not where nothing of that changes', async () => {
    const system = await startSystem('right', 'other');
    const { id } = await create('changed', system.url, 'right');
    system.isAway = true;
    const put = async (config: object, name?: string) =>
      (await call('PUT', `/connections/${id}`, { ...(name && { name }), config })).body.status;
    expect(await put(http(system.url), 'renamed')).toBe('active');
    expect(await put(http(system.url, 'right'))).toBe('active');
    expect(await put(http(system.url, 'other'))).toBe('inactive');
    system.isAway = false;
    expect(await put(http(`${system.url}/other`, 'right'))).toBe('active');
  });

  test('they are listed by type and status', async () => {
    const { body } = await call('POST', '/connections', {
      name: 'wrong',
      type: 'test/vault',
      config: { host: 'a.example', password: 'wrong' },
    });
    const ids = async (query: string) => {
      const { connections } = (await call('GET', `/connections?${query}`)).body;
      return connections.map(({ id }: { id: string }) => id);
    };
    expect(await ids('type=test/vault&status=inactive')).toEqual([body.id]);
    expect(await ids('type=test/vault&status=active')).toEqual([]);
    expect((await call('GET', '/connections?status=asleep')).status).toBe(400);
  });
});

test('R-E4 a secret that is rotated is replaced only by one that is good', async () => {
  const system = await startSystem('former');
  const { id } = await create('rotated', system.url, 'former');
  await deploy('rotated', id);
  const rotate = (token: string) => call('POST', `/connections/${id}/rotate`, { secrets: { token } });
  expect(await rotate('canary-mistyped')).toMatchObject({
    status: 422,
    body: { error: { code: 'CONNECTION_FAILS', message: expect.stringContaining('The former secret stays') } },
  });
  expect(await run('rotated')).toMatchObject([{ status: 'succeeded' }]);
  system.tokens = new Set(['next']);
  expect(await rotate('next')).toMatchObject({ status: 200, body: { status: 'active' } });
  expect(await run('rotated')).toMatchObject([{ status: 'succeeded' }]);
  const { events } = (await call('GET', `/connections/${id}/history`)).body;
  expect(events.map(({ ok }: { ok: boolean }) => ok)).toEqual([true, true]);
});
