import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { ExactNumber } from '@millrace/contract';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from './openapi.ts';
import { routes } from './routes.ts';
import { type Answer, type Instance, orderFlow, startInstance } from './test-instance.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ demo: true });
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const asOther = () => ({ 'x-api-key': instance.keys.other });

/** The declared answer of a route, for what really came. */
function expectDeclared(method: string, path: string, { status, body }: Answer): void {
  const route = routes.find((each) => each.method === method && each.path === path);
  const schema = route?.answers[status]?.schema;
  expect(route, `${method} ${path} is declared`).toBeDefined();
  expect(route?.answers, `${method} ${path} declares ${status}`).toHaveProperty(String(status));
  if (schema) expect(Value.Errors(schema, body), `${method} ${path}`).toEqual([]);
}

describe('every route', () => {
  test('is in the OpenAPI document, and the document is served', async () => {
    const { body } = await call('GET', '/openapi.json');
    const documented = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations as object).map((method) => `${method} ${path}`),
    );
    expect(documented.sort()).toEqual(
      routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`).sort(),
    );
    expect(body).toEqual(JSON.parse(JSON.stringify(openApi(routes, '0.0.0-test'))));
  });

  test('needs a key or session unless it is declared otherwise', async () => {
    for (const { method, path, authenticated } of routes) {
      const answer = await call(method.toUpperCase(), path.replaceAll(/:\w+/g, randomUUID()), undefined, {
        'x-api-key': 'mr_wrong',
      });
      if (authenticated)
        expect(answer, path).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
      else expect(answer.status, path).not.toBe(401);
    }
  });
});

test('health is for everybody', async () => {
  const answer = await call('GET', '/health', undefined, { 'x-api-key': '' });
  expect(answer.body).toMatchObject({ status: 'ok', database: 'ok', version: '0.0.0-test' });
  expectDeclared('get', '/health', answer);
});

test('the session tells tenant and user', async () => {
  const answer = await call('GET', '/session');
  expect(answer.body).toEqual({
    tenant: { slug: 'acme', name: 'Acme Shipping', timeZone: 'UTC' },
    user: null,
    demo: false,
    environment: 'production',
  });
  expectDeclared('get', '/session', answer);
});

test('the catalogue is data', async () => {
  const answer = await call('GET', '/nodes');
  expect(answer.body.nodes.map(({ id }: { id: string }) => id)).toContain('core/webhook');
  expectDeclared('get', '/nodes', answer);
});

describe('a flow', () => {
  test('is imported, read, changed, deployed, run and exported', async () => {
    const bundle = orderFlow('life', { path: 'life' });
    const imported = await call('POST', '/flows', bundle);
    expectDeclared('post', '/flows', imported);
    expect(imported.body).toMatchObject({ revision: 1, problems: [], deployed: null, changedSinceDeploy: false });
    expect(imported.body.hookUrls).toEqual([
      { node: 'approved', method: 'POST', url: `${instance.url}/hooks/acme/life` },
    ]);
    expect(await call('POST', '/flows', bundle)).toMatchObject({
      status: 409,
      body: { error: { code: 'FLOW_EXISTS' } },
    });

    const deployed = await call('POST', '/flows/life/deploy', {});
    expectDeclared('post', '/flows/:id/deploy', deployed);

    const changed = { ...bundle, flow: { ...bundle.flow, name: 'Renamed' } };
    const saved = await call('PUT', '/flows/life', { revision: 1, bundle: changed });
    expectDeclared('put', '/flows/:id', saved);
    expect(saved.body).toMatchObject({
      revision: 2,
      changedSinceDeploy: true,
      deployed: { version: deployed.body.version },
    });
    const late = await call('PUT', '/flows/life', { revision: 1, bundle });
    expect(late).toMatchObject({
      status: 409,
      body: { error: { code: 'REVISION_CONFLICT', details: { revision: 2 } } },
    });

    const ran = await call('POST', '/flows/life/run', { payload: { id: 'A', qty: 1 } });
    expectDeclared('post', '/flows/:id/run', ran);
    const exported = await call('GET', '/flows/life/export');
    expectDeclared('get', '/flows/:id/export', exported);
    expect(exported.body).toEqual(changed);

    const list = await call('GET', '/flows');
    expectDeclared('get', '/flows', list);
    expect(list.body.flows).toContainEqual(
      expect.objectContaining({ id: 'life', name: 'Renamed', changedSinceDeploy: true }),
    );
    const detail = await call('GET', '/flows/life');
    expectDeclared('get', '/flows/:id', detail);
    expect(detail.body.bundle).toEqual(changed);
  });

  test('with problems is saved, and not deployed', async () => {
    const bundle = orderFlow('broken', { path: 'broken' });
    const dangling = {
      ...bundle,
      flow: { ...bundle.flow, edges: [...bundle.flow.edges, { from: 'check', to: 'nowhere' }] },
    };
    const imported = await call('POST', '/flows', dangling);
    expect(imported).toMatchObject({ status: 201, body: { problems: [{ pointer: '/edges/1/to' }] } });
    const refused = await call('POST', '/flows/broken/deploy', {});
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { code: 'FLOW_INVALID', problems: [{ pointer: '/edges/1/to' }] } },
    });
    const checked = await call('POST', '/flows/broken/validate', { flow: bundle.flow });
    expectDeclared('post', '/flows/:id/validate', checked);
    expect(checked.body).toEqual({ problems: [] });
  });

  test('that is wrong in every way is kept all the same', async () => {
    const nodes = {
      a: null,
      b: { type: 'core/webhook' },
      c: { type: 'core/webhook', config: { path: 5 } },
      d: [],
      e: 'x',
    };
    const flow = { id: 'odd', name: 'Odd', nodes, edges: [null, {}, 7], connections: 'none' };
    const { status, body } = await call('POST', '/flows', { flow });
    expect(status).toBe(201);
    expect(body.problems.length).toBeGreaterThan(4);
    expect(body.hookUrls).toEqual([]);
    expect((await call('POST', '/flows/odd/deploy', {})).status).toBe(422);
  });

  test('cannot take the webhook address of another flow, nor the same twice', async () => {
    await call('POST', '/flows', orderFlow('first', { path: 'mine' }));
    await call('POST', '/flows', orderFlow('second', { path: 'mine' }));
    expect(await call('POST', '/flows/first/deploy', {})).toMatchObject({ status: 200 });
    expect(await call('POST', '/flows/first/deploy', {})).toMatchObject({ status: 200 });
    const refused = await call('POST', '/flows/second/deploy', {});
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { code: 'ROUTE_TAKEN', pointer: '/nodes/approved/config/path' } },
    });
    const mine = await call('POST', '/flows', orderFlow('second', { path: 'mine' }), asOther());
    expect(mine.status).toBe(201);
    expect(await call('POST', '/flows/second/deploy', {}, asOther())).toMatchObject({ status: 200 });
  });

  test('is deployed with parameters that fit, or not at all', async () => {
    const bundle = orderFlow('tuned', { path: 'tuned' });
    const parameters = {
      type: 'object',
      properties: { days: { type: 'integer', default: 3 } },
      additionalProperties: false,
    };
    await call('POST', '/flows', { ...bundle, flow: { ...bundle.flow, parameters } });
    const refused = await call('POST', '/flows/tuned/deploy', { parameters: { days: 'many' } });
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { code: 'PARAMETERS_INVALID', problems: [{ pointer: '/days' }] } },
    });
    expect(await call('POST', '/flows/tuned/deploy', { parameters: { days: 5 } })).toMatchObject({ status: 200 });
  });

  test('is deployed when every connection fits; an unbound one gets the default of its type', async () => {
    const bundle = orderFlow('bound', { path: 'bound' });
    const take = { type: 'test/take', version: 1, connection: 'shelf', config: {} };
    const flow = {
      ...bundle.flow,
      connections: { shelf: { type: 'test/shelf' } },
      nodes: { ...bundle.flow.nodes, take },
      edges: [...bundle.flow.edges, { from: 'check', to: 'take' }],
    };
    expect(await call('POST', '/flows', { ...bundle, flow })).toMatchObject({ body: { problems: [] } });
    const vault = await call('POST', '/connections', {
      name: 'v',
      type: 'test/vault',
      config: { host: 'a', password: 'x' },
    });
    const wrong = await call('POST', '/flows/bound/deploy', { connections: { shelf: vault.body.id } });
    expect(wrong).toMatchObject({
      status: 422,
      body: { error: { code: 'CONNECTION_MISFIT', pointer: '/connections/shelf' } },
    });
    expect(await call('POST', '/flows/bound/deploy', {})).toMatchObject({ status: 200 });
    const { body } = await call('GET', '/connections');
    expect(body.connections).toContainEqual(expect.objectContaining({ name: 'default:test/shelf', usedBy: ['bound'] }));
  });

  test('that is not deployed cannot be run', async () => {
    await call('POST', '/flows', orderFlow('idle', { path: 'idle' }));
    expect(await call('POST', '/flows/idle/run', { payload: {} })).toMatchObject({
      status: 409,
      body: { error: { code: 'FLOW_NOT_DEPLOYED' } },
    });
  });
});

describe('a connection', () => {
  const config = { host: 'sftp.example', password: 'right' };

  test('is created, listed and changed without ever showing its secret', async () => {
    const created = await call('POST', '/connections', { name: 'ERP', type: 'test/vault', config });
    expectDeclared('post', '/connections', created);
    expect(created.body).toMatchObject({
      name: 'ERP',
      config: { host: 'sftp.example', port: 22, password: { set: true } },
      usedBy: [],
    });
    const list = await call('GET', '/connections');
    expectDeclared('get', '/connections', list);
    expect(JSON.stringify(list.body)).not.toContain('right');
    const tested = await call('POST', `/connections/${created.body.id}/test`);
    expectDeclared('post', '/connections/:id/test', tested);
    expect(tested.body).toEqual({ ok: true, message: 'Asked sftp.example.' });
    const twin = await call('POST', '/connections', { name: 'ERP', type: 'test/vault', config });
    expect(twin).toMatchObject({ status: 409, body: { error: { code: 'NAME_TAKEN' } } });
  });

  test('keeps its secret over harmless changes, and asks for it again when it would be sent elsewhere', async () => {
    const { body } = await call('POST', '/connections', { name: 'kept', type: 'test/vault', config });
    const put = (next: object) => call('PUT', `/connections/${body.id}`, { config: next });
    const harmless = await put({ host: 'sftp.example', port: 22, pollSeconds: 5, password: { set: true } });
    expectDeclared('put', '/connections/:id', harmless);
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

describe('runs, signals, records and alerts', () => {
  test('are pages that can be turned', async () => {
    await call('POST', '/flows', orderFlow('paged', { path: 'paged' }));
    await call('POST', '/flows/paged/deploy', {});
    const started: string[] = [];
    for (let n = 0; n < 5; n++)
      started.push((await call('POST', '/hooks/acme/paged', { id: `P-${n}`, qty: 1 })).body.runId);
    const seen: string[] = [];
    for (let before: string | null = ''; before !== null; ) {
      const page: Answer = await call('GET', `/runs?flow=paged&limit=2${before && `&before=${before}`}`);
      expectDeclared('get', '/runs', page);
      seen.push(...page.body.runs.map(({ id }: { id: string }) => id));
      before = page.body.next;
    }
    expect(seen).toEqual(started.toReversed());
    const detail = await call('GET', `/runs/${started[0]}`);
    expectDeclared('get', '/runs/:id', detail);
    expect(await call('POST', `/runs/${started[0]}/cancel`)).toMatchObject({ status: 404 });
  });

  test('a signal that nobody waits for is kept and can be seen; the same again is a duplicate', async () => {
    const signal = { channel: 'erp', key: '4711', payload: { status: 'OK' } };
    const stored = await call('POST', '/signals', signal);
    expectDeclared('post', '/signals', stored);
    expect(stored.body.state).toBe('kept');
    expect((await call('POST', '/signals', signal)).body.state).toBe('duplicate');
    const list = await call('GET', '/signals?key=4711');
    expectDeclared('get', '/signals', list);
    expect(list.body.signals.map(({ state }: { state: string }) => state)).toEqual(['duplicate', 'kept']);
  });

  test('alerts are there, if only none', async () => {
    const answer = await call('GET', '/alerts');
    expectDeclared('get', '/alerts', answer);
  });

  test('a record type that no flow has deployed does not exist', async () => {
    expect(await call('GET', '/records/invoice')).toMatchObject({ status: 404 });
    expect(await call('GET', '/records/invoice/1')).toMatchObject({ status: 404 });
  });
});

describe('an expression', () => {
  test('is evaluated on a sample, decimals exact', async () => {
    const answer = await call(
      'POST',
      '/evaluate',
      '{"expression": "lines.price", "input": {"lines": {"price": 1.00000000000000000001}}}',
    );
    expectDeclared('post', '/evaluate', answer);
    expect(answer.body).toEqual({ result: new ExactNumber('1.00000000000000000001') });
  });

  test('with a mistake says where', async () => {
    const answer = await call('POST', '/evaluate', { expression: 'a + + b', input: {} });
    expectDeclared('post', '/evaluate', answer);
    expect(answer).toMatchObject({
      status: 200,
      body: { error: { code: 'EXPRESSION_PARSE', position: expect.any(Number) } },
    });
  });

  test('as a field map gives the same', async () => {
    const answer = await call('POST', '/evaluate', { fields: [{ to: 'order.id', from: 'id' }], input: { id: 'A' } });
    expect(answer.body).toEqual({ result: { order: { id: 'A' } } });
  });

  test('without end is ended', async () => {
    const answer = await call('POST', '/evaluate', {
      expression: '($f := function($n) { $f($n + 1) }; $f(1))',
      input: {},
    });
    expect(answer.body.error.code).toMatch(/^EXPRESSION_/);
  });
});

describe('another tenant', () => {
  test('sees nothing of it, whatever the route', async () => {
    await call('POST', '/flows', orderFlow('private', { path: 'private' }));
    await call('POST', '/flows/private/deploy', {});
    const { runId } = (await call('POST', '/hooks/acme/private', { id: 'S', qty: 1 })).body;
    const connection = await call('POST', '/connections', {
      name: 'private',
      type: 'test/vault',
      config: { host: 'h', password: 'p' },
    });
    const bundle = orderFlow('private', { path: 'private' });
    for (const [method, path, body] of [
      ['GET', '/flows/private'],
      ['PUT', '/flows/private', { revision: 1, bundle }],
      ['GET', '/flows/private/export'],
      ['POST', '/flows/private/deploy', {}],
      ['GET', `/runs/${runId}`],
      ['POST', `/runs/${runId}/cancel`],
      ['PUT', `/connections/${connection.body.id}`, { config: { host: 'x', password: 'y' } }],
      ['POST', `/connections/${connection.body.id}/test`],
    ] as const)
      expect(await call(method, path, body, asOther()), path).toMatchObject({
        status: 404,
        body: { error: { code: 'NOT_FOUND' } },
      });
    const lists = await Promise.all(
      ['/flows', '/runs', '/connections', '/signals', '/alerts'].map((path) => call('GET', path, undefined, asOther())),
    );
    expect(JSON.stringify(lists.map(({ body }) => body))).not.toContain('private');
  });
});

describe('a bad request', () => {
  test.each([
    ['GET', '/runs?limit=0', undefined, 400, '/limit'],
    ['GET', '/runs?limit=ten', undefined, 400, '/limit'],
    ['GET', '/runs?status=lost', undefined, 400, '/status'],
    ['GET', '/runs?unknown=1', undefined, 400, '/unknown'],
    ['GET', '/runs?limit=1&limit=2', undefined, 400, '/limit'],
    ['GET', '/signals?key=%00', undefined, 400, '/key'],
    ['POST', '/signals', { channel: 'a' }, 400, ''],
    ['POST', '/signals', [], 400, ''],
    ['POST', '/evaluate', { input: {} }, 400, undefined],
    ['GET', '/records/invoice?before=nonsense', undefined, 400, '/before'],
  ])('%s %s %j is answered with its place', async (method, path, body, status, pointer) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status, body: { error: { code: 'BAD_REQUEST' } } });
    if (pointer !== undefined) expect(answer.body.error.pointer).toBe(pointer);
  });

  test.each(['/nothing', '/runs/not-an-id', '/runs/%00', '/flows/%E0%A4%A', '/flows/..%2f..', '/Runs'])(
    '%s names nothing',
    async (path) => {
      const { status, body } = await call('GET', path);
      expect([400, 404]).toContain(status);
      expect(body.error.code).toMatch(/NOT_FOUND|BAD_REQUEST/);
    },
  );
});

describe('the demo session', () => {
  const demo = (headers: Record<string, string> = {}, host = `localhost:${instance.port}`) =>
    post('/api/v1/session/demo', { host, ...headers });

  test('is given on this machine, and opens the demo tenant alone', async () => {
    const { status, headers } = await demo();
    expect(status).toBe(204);
    const [cookie] = String(headers['set-cookie']).split(';') as [string];
    const session = await call('GET', '/session', undefined, { cookie, 'x-api-key': '' });
    expect(session.body).toMatchObject({ tenant: { slug: 'demo' }, user: { name: 'Demo' }, demo: true });
  });

  test.each([
    ['a name that only resolves here', {}, 'evil.example', 404],
    ['a name that looks local', {}, 'localhost.evil.example', 404],
    ['another site', { origin: 'https://evil.example' }, undefined, 403],
    ['another port', { origin: 'http://localhost:1' }, undefined, 403],
    ['a sandboxed page', { origin: 'null' }, undefined, 403],
  ])('is refused to %s', async (_case, headers, host, status) => {
    expect(await demo(headers as Record<string, string>, host)).toMatchObject({ status });
  });

  test('writes only for our own pages', async () => {
    const [cookie] = String((await demo()).headers['set-cookie']).split(';') as [string];
    const host = `localhost:${instance.port}`;
    const write = (headers: Record<string, string>) => post('/api/v1/signals', { host, cookie, ...headers });
    for (const foreign of [
      {},
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: `http://${host}` },
    ])
      expect(await write(foreign as Record<string, string>)).toMatchObject({
        status: 403,
        body: { error: { code: 'CROSS_SITE' } },
      });
    for (const own of [{ origin: `http://${host}` }, { 'sec-fetch-site': 'same-origin' }])
      expect((await write(own as Record<string, string>)).status).toBe(415);
  });
});

/** A request with the headers as they are given; `fetch` does not let Host or Origin be chosen. */
function post(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Record<string, unknown>; body: unknown }> {
  return new Promise((resolve, reject) => {
    request({ port: instance.port, host: '127.0.0.1', method: 'POST', path, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode as number, headers: response.headers, body: text && JSON.parse(text) });
    })
      .on('error', reject)
      .end();
  });
}
