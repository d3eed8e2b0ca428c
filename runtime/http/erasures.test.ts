import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blobsFor } from '../payloads/blobs.ts';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

const ann = 'ann.canary@example.com';
let instance: Instance;
const call = (method: string, path: string, body?: unknown) => instance.call(method, path, body);
const erase = (body: unknown, path = '/erasures') => call('POST', path, body);

/** Webhook → kept as a record of type `customers`; or → waits for a signal. */
function customerFlow(id: string, last: { type: string; config: Record<string, unknown> }) {
  const bundle = orderFlow(id, { path: id });
  const { approved } = bundle.flow.nodes;
  return {
    ...bundle,
    flow: {
      ...bundle.flow,
      nodes: { approved, last: { version: 1, ...last } },
      edges: [{ from: 'approved', to: 'last' }],
    },
    layout: { nodes: {} },
    records: [{ id: 'customers', title: 'Customers', schema: { type: 'object' } }],
  };
}

async function deployed(bundle: ReturnType<typeof customerFlow>): Promise<void> {
  for (const [path, body] of [
    ['/flows', bundle],
    [`/flows/${bundle.flow.id}/deploy`, {}],
  ] as const) {
    const answer = await call('POST', path, body);
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  }
}

const ended = new Set(['succeeded', 'failed', 'cancelled']);
/** Sends to a webhook; answers the run when it rests. */
async function send(path: string, body: unknown): Promise<string> {
  const { runId } = (await call('POST', `/hooks/acme/${path}`, body)).body;
  for (;;) {
    const { status } = (await call('GET', `/runs/${runId}`)).body;
    if (ended.has(status) || status === 'waiting') return runId;
    await pause(20);
  }
}

beforeAll(async () => {
  instance = await startInstance();
  const put = { type: 'customers', id: '{% customer.number %}', data: '{% $ %}' };
  await deployed(customerFlow('keep', { type: 'records/put', config: put }));
  const failing = { schema: { type: 'object', required: ['nothing'] } };
  await deployed(customerFlow('refuse', { type: 'core/validate', config: failing }));
});
afterAll(() => instance?.stop());

test('R-X5 one person’s data goes, wherever it is, and nobody else’s; the report and the audit tell of it without the value', async () => {
  const customer = (number: string, email: string) => ({ customer: { number, email, name: 'A. Person' } });
  const hers = await send('keep', customer('c-100', ann));
  const changed = await send('keep', { ...customer('c-100', ann), vip: true });
  const his = await send('keep', customer('c-200', 'bob@example.com'));
  const failed = await send('refuse', { lines: [customer('c-100', ann)] });
  await call('POST', '/signals', { channel: 'acks', key: 'k-1', payload: customer('c-100', ann) });
  const file = { run: hers, tenant: instance.tenants.acme.id };
  const text = async function* () {
    yield Buffer.from('number;mail\nc-100;ann.can');
    yield Buffer.from('ary@example.com\n');
  };
  await blobsFor(instance.api.payloads, file).write(text(), { name: 'a.csv', mediaType: 'text/csv' });
  const alone = { run: his, tenant: instance.tenants.acme.id };
  const picture = async function* () {
    yield Buffer.from([0, 1, 2]);
  };
  await blobsFor(instance.api.payloads, alone).write(picture(), { name: 'b.png', mediaType: 'image/png' });

  const expected = {
    runs: expect.arrayContaining([
      { environment: 'production', flow: 'keep', count: 2 },
      { environment: 'production', flow: 'refuse', count: 1 },
    ]),
    records: [{ environment: 'production', type: 'customers', count: 1 }],
    signals: 1,
    deadLetters: 1,
    payloads: 1,
    recordVersions: 2,
    kept: [],
    closed: 1,
  };
  const planned = await erase({ field: 'customer.email', value: ann }, '/erasures/plan');
  expect(planned).toMatchObject({ status: 200, body: expected });
  expect((await call('GET', `/runs/${hers}`)).status).toBe(200);

  const done = await erase({ field: 'customer.email', value: ann });
  expect(done).toMatchObject({ status: 200, body: expected });
  expect(misfits('post', '/erasures', done)).toEqual([]);
  for (const run of [hers, changed, failed]) expect((await call('GET', `/runs/${run}`)).status).toBe(404);
  expect((await call('GET', '/records/customers/c-100')).status).toBe(404);
  expect((await call('GET', `/runs/${his}`)).status).toBe(200);
  expect((await call('GET', '/records/customers/c-200')).status).toBe(200);
  const again = await erase({ field: 'customer.email', value: ann });
  expect(again.body).toMatchObject({ runs: [], records: [], signals: 0, payloads: 0 });

  const { entries } = (await call('GET', '/audit?action=erasures.make')).body;
  expect(entries[1]).toMatchObject({
    target: expect.stringMatching(/^erasures\//),
    after: { key: { field: 'customer.email', hmac: expect.stringMatching(/^[0-9a-f]{64}$/), keyId: 'test' } },
  });
  for (const path of ['/audit', '/runs', '/signals', '/dead-letters', '/records/customers'])
    expect(JSON.stringify((await call('GET', path)).body)).not.toContain(ann);
  expect(instance.logged.join('')).not.toContain(ann);
}, 60_000);

test('R-X5 what a run that has not ended needs stays, and the report says which and why', async () => {
  const wait = { channel: 'answers', key: '{% customer.number %}' };
  await deployed(customerFlow('wait', { type: 'core/wait-for-signal', config: wait }));
  const email = 'carl@example.com';
  const body = { customer: { number: 'c-300', email } };
  await send('keep', body);
  const waiting = await send('wait', body);
  const report = await erase({ field: 'email', value: email });
  expect(report.body).toMatchObject({
    runs: [{ flow: 'keep', count: 1 }],
    records: [],
    kept: [
      { what: `runs/${waiting}`, why: 'It has not ended.' },
      { what: 'records/customers/c-300', why: 'A run with the same key has not ended, and may need it.' },
    ],
  });
  await call('POST', '/signals', { channel: 'answers', key: 'c-300', payload: {} });
  while (!ended.has((await call('GET', `/runs/${waiting}`)).body.status)) await pause(20);
  const later = await erase({ record: { type: 'customers', id: 'c-300' } });
  expect(later.body).toMatchObject({
    runs: [{ flow: 'wait', count: 1 }],
    records: [{ type: 'customers', count: 1 }],
    kept: [],
  });
}, 60_000);

test('R-X5 another tenant’s data is not found, and a key that fits too much is refused', async () => {
  await send('keep', { customer: { number: 'c-400', email: 'dora@example.com' } });
  const headers = { 'x-api-key': instance.keys.other };
  const theirs = await instance.call('POST', '/erasures', { field: 'email', value: 'dora@example.com' }, headers);
  expect(theirs).toMatchObject({ status: 200, body: { runs: [], records: [], kept: [] } });
  expect((await call('GET', '/records/customers/c-400')).status).toBe(200);
  for (const key of [
    { field: 'email', value: 'ab' },
    { field: 'a..b', value: 'abcd' },
  ])
    expect(await erase(key)).toMatchObject({ status: 400, body: { error: { code: 'ERASURE_KEY_INVALID' } } });
  expect((await erase({ record: { type: 'customers', id: randomUUID() } })).body).toMatchObject({ runs: [] });
});
