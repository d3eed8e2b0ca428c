import { describe, expect, test } from 'vitest';
import { type Answer, addressOfNobody, json, setup } from './local-server.fixture.ts';

describe('R-F8 a refusal by its status', () => {
  test.each([
    [400, 'validation'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'not-found'],
    [408, 'transient'],
    [409, 'validation'],
    [422, 'validation'],
    [429, 'rate-limit'],
    [500, 'server'],
    [502, 'server'],
    [503, 'transient'],
    [504, 'transient'],
  ])('%i is %s', async (status, category) => {
    const { call } = await setup(json(status, '{"message":"no"}'));
    expect(await call()).toMatchObject({
      kind: 'fail',
      error: { code: `HTTP_${status}`, category, details: { status, body: '{"message":"no"}' } },
    });
  });

  test('429 says how many seconds the other side asks us to wait', async () => {
    const { call } = await setup(json(429, '{}', { 'retry-after': '17' }));
    expect(await call()).toMatchObject({ error: { category: 'rate-limit', retryAfter: 17 } });
  });

  test('a date to wait for is read by the other side’s own clock', async () => {
    const { call } = await setup(
      json(429, '{}', { date: 'Mon, 02 Mar 2026 09:30:00 GMT', 'retry-after': 'Mon, 02 Mar 2026 09:31:30 GMT' }),
    );
    expect(await call()).toMatchObject({ error: { retryAfter: 90 } });
  });

  test('a redirect is not followed, and says so', async () => {
    const { call, received } = await setup(json(302, '', { location: 'http://127.0.0.1/elsewhere' }));
    expect(await call({ method: 'POST' })).toMatchObject({ error: { code: 'HTTP_302', category: 'validation' } });
    expect(received).toHaveLength(1);
  });

  test('a long refusal is kept by its beginning', async () => {
    const { call } = await setup(json(400, 'x'.repeat(5000)));
    expect(await call()).toMatchObject({ error: { details: { body: `${'x'.repeat(2000)}…` } } });
  });
});

describe('when the network fails', () => {
  const hangUp: Answer = (response) => response.destroy();

  test('a server that is not there is transient', async () => {
    const { call } = await setup(hangUp);
    const address = await addressOfNobody();
    expect(await call({ url: `${address}/api` })).toMatchObject({
      error: {
        code: 'HTTP_UNREACHABLE',
        category: 'transient',
        message: `GET ${address} failed on the network (ECONNREFUSED).`,
      },
    });
  });

  test('a connection cut in the middle of the answer is transient', async () => {
    const { call } = await setup((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await call()).toMatchObject({ error: { code: 'HTTP_UNREACHABLE', category: 'transient' } });
  });

  test('an answer that does not come in time is transient', async () => {
    const { call } = await setup(() => {});
    expect(await call({ timeout: '100ms' })).toMatchObject({ error: { code: 'HTTP_TIMEOUT', category: 'transient' } });
  });

  test('a cancelled run lets go of the request', async () => {
    const cancel = new AbortController();
    const { call } = await setup(() => cancel.abort());
    expect(await call({}, { signal: cancel.signal })).toMatchObject({
      error: { code: 'CANCELLED', category: 'cancelled' },
    });
  });

  test('a repeated write is sent again with its key, unless the flow says otherwise', async () => {
    const { call, received } = await setup(json(200, '{}'));
    expect(await call({ method: 'POST' }, { repeated: true })).toMatchObject({ kind: 'emit' });
    expect(received).toHaveLength(1);
  });

  test('a repeated write that must not happen twice is not sent again', async () => {
    const { call, received } = await setup(json(200, '{}'));
    const result = await call({ method: 'POST', whenUnknown: 'fail' }, { repeated: true });
    expect(result).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN', category: 'validation' } });
    expect(received).toHaveLength(0);
  });

  test('a write that must not happen twice stops at once when its answer is lost', async () => {
    const { call } = await setup(hangUp);
    expect(await call({ method: 'POST', whenUnknown: 'fail' })).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN' } });
  });

  test('and when a gateway lost sight of it', async () => {
    const { call } = await setup(json(504, ''));
    expect(await call({ method: 'POST', whenUnknown: 'fail' })).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN' } });
  });

  test('but is tried again when it has certainly not arrived', async () => {
    const { call } = await setup(hangUp);
    const result = await call({ method: 'POST', whenUnknown: 'fail', url: await addressOfNobody() });
    expect(result).toMatchObject({ error: { code: 'HTTP_UNREACHABLE', category: 'transient' } });
  });

  test('a read is repeated whatever the flow says of writes', async () => {
    const { call } = await setup(json(200, '{}'));
    expect(await call({ whenUnknown: 'fail' }, { repeated: true })).toMatchObject({ kind: 'emit' });
  });
});
