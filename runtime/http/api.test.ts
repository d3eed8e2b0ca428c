import { randomUUID } from 'node:crypto';
import { ExactNumber } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from './openapi.ts';
import { routes } from './routes.ts';
import { type Answer, type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

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
    for (const { method, path, action } of routes) {
      const answer = await call(method.toUpperCase(), path.replaceAll(/:\w+/g, randomUUID()), undefined, {
        'x-api-key': 'mr_wrong',
      });
      if (action !== 'anybody')
        expect(answer, path).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
      else expect(answer.status, path).not.toBe(401);
    }
  });
});

test('health is for everybody', async () => {
  const answer = await call('GET', '/health', undefined, { 'x-api-key': '' });
  expect(answer.body).toMatchObject({ status: 'ok', database: 'ok', version: '0.0.0-test' });
  expect(misfits('get', '/health', answer)).toEqual([]);
});

test('the session tells tenant and user', async () => {
  const answer = await call('GET', '/session');
  expect(answer.body).toMatchObject({
    tenant: { slug: 'acme', name: 'Acme Shipping', timeZone: 'UTC' },
    user: null,
    demo: false,
    roles: ['admin'],
  });
  expect(answer.body.actions).toContain('members.edit');
  expect(answer.body.actions).not.toContain('tenants.edit');
  expect(misfits('get', '/session', answer)).toEqual([]);
});

test('the catalogue is data', async () => {
  const answer = await call('GET', '/nodes');
  expect(answer.body.nodes.map(({ id }: { id: string }) => id)).toContain('core/webhook');
  expect(misfits('get', '/nodes', answer)).toEqual([]);
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
      expect(misfits('get', '/runs', page)).toEqual([]);
      seen.push(...page.body.runs.map(({ id }: { id: string }) => id));
      before = page.body.next;
    }
    expect(seen).toEqual(started.toReversed());
    const detail = await call('GET', `/runs/${started[0]}`);
    expect(misfits('get', '/runs/:id', detail)).toEqual([]);
    expect(await call('POST', `/runs/${started[0]}/cancel`)).toMatchObject({ status: 404 });
  });

  test('a signal that nobody waits for is kept and can be seen; the same again is a duplicate', async () => {
    const signal = { channel: 'erp', key: '4711', payload: { status: 'OK' } };
    const stored = await call('POST', '/signals', signal);
    expect(misfits('post', '/signals', stored)).toEqual([]);
    expect(stored.body.state).toBe('kept');
    expect((await call('POST', '/signals', signal)).body.state).toBe('duplicate');
    const list = await call('GET', '/signals?key=4711');
    expect(misfits('get', '/signals', list)).toEqual([]);
    expect(list.body.signals.map(({ state }: { state: string }) => state)).toEqual(['duplicate', 'kept']);
  });

  test('alerts are there, if only none', async () => {
    const answer = await call('GET', '/alerts');
    expect(misfits('get', '/alerts', answer)).toEqual([]);
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
    expect(misfits('post', '/evaluate', answer)).toEqual([]);
    expect(answer.body).toEqual({ result: new ExactNumber('1.00000000000000000001') });
  });

  test('with a mistake says where', async () => {
    const answer = await call('POST', '/evaluate', { expression: 'a + + b', input: {} });
    expect(misfits('post', '/evaluate', answer)).toEqual([]);
    expect(answer).toMatchObject({
      status: 200,
      body: { error: { code: 'EXPRESSION_PARSE', position: expect.any(Number) } },
    });
  });

  test('as a field map gives the same', async () => {
    const answer = await call('POST', '/evaluate', { fields: [{ to: 'order.id', from: 'id' }], input: { id: 'A' } });
    expect(answer.body).toEqual({ result: { order: { id: 'A' } } });
  });

  test('makes the lists that its target wants, as a run does', async () => {
    const target = { type: 'object', properties: { skus: { type: 'array' } } };
    const answer = await call('POST', '/evaluate', {
      expression: '{ "skus": lines.sku }',
      target,
      input: { lines: [{ sku: 'A' }] },
    });
    expect(answer.body).toEqual({ result: { skus: ['A'] } });
  });

  test('without end is ended', async () => {
    const answer = await call('POST', '/evaluate', {
      expression: '($f := function($n) { $f($n + 1) }; $f(1))',
      input: {},
    });
    expect(answer.body.error.code).toMatch(/^EXPRESSION_/);
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
