import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  for (const bundle of [
    orderFlow(),
    orderFlow('unchecked', { path: 'unchecked', config: { answer: 'accepted' } }),
    orderFlow('events', { path: 'events', config: { eventId: '{% id %}' } }),
  ]) {
    const imported = await instance.call('POST', '/flows', bundle);
    expect(imported).toMatchObject({ status: 201, body: { problems: [] } });
    expect(await instance.call('POST', `/flows/${bundle.flow.id}/deploy`, {})).toMatchObject({ status: 200 });
  }
});
afterAll(() => instance?.stop());

const order = { id: 'A-1', qty: 2 };
const noKey = { 'x-api-key': '' };
const send = (body: unknown, path = '/hooks/acme/orders/approved', headers: Record<string, string> = {}) =>
  instance.call('POST', path, body, { ...noKey, ...headers });
const runsOf = async (flow: string) => (await instance.call('GET', `/runs?flow=${flow}`)).body.runs;

describe('a webhook', () => {
  test('answers when the run is stored, and says where it can be seen', async () => {
    const answer = await send(order);
    expect(answer).toMatchObject({ status: 202, body: { status: 'succeeded' } });
    const location = answer.headers.get('location') as string;
    expect(location).toBe(`/api/v1/runs/${answer.body.runId}`);
    const run = await instance.call('GET', `/runs/${answer.body.runId}`);
    expect(run.body).toMatchObject({
      status: 'succeeded',
      trigger: { node: 'approved', payload: order, source: 'webhook' },
    });
    expect(run.body.timeline.map(({ text }: { text: string }) => text)).toEqual([
      'Order approved received by webhook',
      expect.stringMatching(/^Check /),
      'Finished',
    ]);
  });

  test('R-D1 refuses data that the checks refuse, with every problem and its place', async () => {
    const answer = await send({ qty: 0 });
    expect(answer).toMatchObject({ status: 422, body: { runId: expect.any(String) } });
    const { problems } = answer.body.error;
    expect(problems.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/id', '/qty']);
  });

  test('that answers “accepted” does not wait for the checks', async () => {
    const answer = await send({ qty: 0 }, '/hooks/acme/unchecked');
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted' } });
  });

  test('keeps how it was called, without credentials and signatures', async () => {
    const secrets = { authorization: 'Bearer s3cret', cookie: 'a=s3cret', 'x-hub-signature-256': 's3cret' };
    const { body } = await send(order, '/hooks/acme/orders/approved?from=erp', { ...secrets, 'x-shop': 'north' });
    const run = await instance.call('GET', `/runs/${body.runId}`);
    expect(run.body.trigger.meta).toMatchObject({
      method: 'POST',
      path: '/hooks/acme/orders/approved',
      query: { from: 'erp' },
      headers: { 'x-shop': 'north' },
    });
    expect(JSON.stringify(run.body)).not.toContain('s3cret');
  });
});

describe('the same event', () => {
  test('by its id in the data is one run', async () => {
    const first = await send({ id: 'E-1', qty: 1 }, '/hooks/acme/events');
    const again = await send({ id: 'E-1', qty: 1 }, '/hooks/acme/events');
    expect(first.status).toBe(202);
    expect(again).toMatchObject({ status: 200, body: { runId: first.body.runId, duplicate: true } });
  });

  test('by its Idempotency-Key, sent fifty times at once, is one run', async () => {
    const before = (await runsOf('orders')).length;
    const sent = await Promise.all(
      Array.from({ length: 50 }, () => send(order, undefined, { 'idempotency-key': 'K-1' })),
    );
    expect(new Set(sent.map(({ body }) => body.runId)).size).toBe(1);
    expect(sent.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(await runsOf('orders')).toHaveLength(before + 1);
  });

  test('without id or key is a run each time', async () => {
    const [one, two] = [await send(order), await send(order)];
    expect(one.body.runId).not.toBe(two.body.runId);
  });
});

describe('nothing is stored when', () => {
  test.each([
    ['the JSON is broken', '{"id": ', {}, 400, 'BAD_JSON'],
    [
      'the body is no JSON',
      'id=1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['the compression is a lie', '{}', { 'content-encoding': 'gzip' }, 400, 'BAD_COMPRESSION'],
    ['the compression is unknown', '{}', { 'content-encoding': 'compress' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a text holds a NUL', '{"id": "a\\u0000b"}', {}, 400, 'TEXT_NOT_STORABLE'],
    ['the nesting is too deep', '['.repeat(300) + ']'.repeat(300), {}, 400, 'TOO_DEEP'],
    ['the key is too long', '{}', { 'idempotency-key': 'x'.repeat(501) }, 400, 'BAD_REQUEST'],
  ])('%s', async (_case, body, headers, status, code) => {
    const before = (await runsOf('orders')).length;
    expect(await send(body, undefined, headers)).toMatchObject({ status, body: { error: { code } } });
    expect(await runsOf('orders')).toHaveLength(before);
  });

  test('the body is too large', async () => {
    const body = JSON.stringify({ id: 'x'.repeat(16 * 1024 * 1024) });
    expect(await send(body)).toMatchObject({ status: 413, body: { error: { code: 'PAYLOAD_TOO_LARGE' } } });
  });
});

test.each([
  '/hooks/acme/nothing',
  '/hooks/nobody/orders/approved',
  '/hooks/other/orders/approved',
  '/hooks/acme/orders%2Fapproved/x',
  '/hooks/acme/%00',
])('%s leads nowhere', async (path) => {
  expect(await send(order, path)).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
});
