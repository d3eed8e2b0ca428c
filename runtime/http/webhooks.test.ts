import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createBus } from '../engine/bus.ts';
import { serveWebhooks } from '../triggers/webhook/served-webhooks.ts';
import { type Instance, startInstance } from './test-instance.fixture.ts';
import { createSecret, deployWebhook, sendTo } from './webhook-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const json = { 'content-type': 'application/json' };
const runOf = async (id: string) => (await instance.call('GET', `/runs/${id}`)).body;
const send = (...args: Parameters<typeof sendTo> extends [unknown, ...infer Rest] ? Rest : never) =>
  sendTo(instance, ...args);

const secret = 'canary-secret-1';
const hmac = { scheme: 'hmac', header: 'X-ERP-Digest', timestamp: { header: 'X-ERP-Time' } };
/** Signed as `hmac` says. */
function signed(body: string | Buffer, key = secret, at = Math.floor(Date.now() / 1000)) {
  const digest = createHmac('sha256', key).update(`${at}.`).update(body).digest('hex');
  return { ...json, 'X-ERP-Digest': digest, 'X-ERP-Time': String(at) };
}

describe('a signed webhook', () => {
  const body = '{"event_id":"evt-1", "note": "spaces  stay"}';
  beforeAll(async () => {
    const connection = await createSecret(instance, 'ERP', { current: secret });
    const config = { path: 'signed', signature: hmac, eventId: '{% event_id %}' };
    expect(await deployWebhook(instance, 'signed', { config, secret: connection })).toMatchObject({ status: 200 });
    const keyed = { path: 'keyed', signature: { scheme: 'header', header: 'X-Partner' } };
    expect(await deployWebhook(instance, 'keyed', { config: keyed, secret: connection })).toMatchObject({
      status: 200,
    });
  });

  test('R-C1 takes what is signed, once: 42 the same event again is the same run', async () => {
    const first = await send('signed', body, signed(body));
    expect(first.status).toBe(202);
    const again = await send('signed', body, { ...signed(body), 'idempotency-key': 'another' });
    expect(again).toMatchObject({ status: 200, body: { runId: first.body.runId, duplicate: true } });
  });

  test('43 takes fifty at once once', async () => {
    const many = '{"event_id":"evt-50"}';
    const sent = await Promise.all(Array.from({ length: 50 }, () => send('signed', many, signed(many))));
    expect(new Set(sent.map((answer) => answer.body.runId)).size).toBe(1);
  });

  test('takes a compressed body: what is signed is what is inside', async () => {
    const packed = '{"event_id":"evt-zip"}';
    const answer = await send('signed', gzipSync(packed), { ...signed(packed), 'content-encoding': 'gzip' });
    expect(answer.status).toBe(202);
  });

  test('51 that is refused, for whatever reason, is answered as an address that does not exist', async () => {
    const [missing, ...others] = await Promise.all([
      send('nowhere', body, signed(body)),
      send('signed', body, json),
      send('signed', body, signed(body, 'another secret')),
      send('signed', body, signed(body, secret, 1)),
      send('signed', `${body} `, signed(body)),
      send('signed', 'no json', { 'content-type': 'image/png' }),
      send('signed', null, {}, 'GET'),
    ]);
    const seen = ({ status, headers, text }: typeof missing) => {
      const shown = Object.fromEntries([...headers].filter(([name]) => name !== 'date'));
      return { status, headers: shown, text };
    };
    expect(missing).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
    for (const other of others) expect(seen(other)).toEqual(seen(missing));
  });

  test('R-C1 that has no secret to check by cannot be deployed; one that everybody may send to needs none', async () => {
    const deploy = (signature: { scheme: string }) =>
      deployWebhook(instance, 'bare', { config: { path: 'bare', signature } });
    for (const signature of [hmac, { scheme: 'bearer' }])
      expect(await deploy(signature)).toMatchObject({
        status: 422,
        body: {
          error: {
            code: 'FLOW_INVALID',
            problems: [
              {
                code: 'CONNECTION_MISSING',
                pointer: '/nodes/approved/connection',
                message: '“approved” needs a connection of type “core/webhook-secret” as it is set.',
              },
            ],
          },
        },
      });
    expect(await deploy({ scheme: 'none' })).toMatchObject({ status: 200 });
  });

  test('keeps a secret that came in a header nowhere', async () => {
    const answer = await send('keyed', '{}', { ...json, 'X-Partner': secret });
    expect(answer.status).toBe(202);
    const run = await runOf(answer.body.runId);
    expect(run.trigger.meta.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(JSON.stringify(run)).not.toContain('canary');
  });

  test('47 takes the previous secret too, as soon as the connection has both', async () => {
    const { body: list } = await instance.call('GET', '/connections');
    const { id } = list.connections.find(({ name }: { name: string }) => name === 'ERP');
    const config = { current: 'the next secret', previous: secret };
    expect(await instance.call('PUT', `/connections/${id}`, { config })).toMatchObject({ status: 200 });
    const [old, next] = ['{"event_id":"old"}', '{"event_id":"next"}'];
    await vi.waitFor(async () => {
      expect((await send('signed', next, signed(next, 'the next secret'))).status).not.toBe(401);
    }, 5_000);
    expect((await send('signed', old, signed(old))).status).toBe(202);
  });
});

describe('an address with parameters', () => {
  beforeAll(async () => {
    await deployWebhook(instance, 'status', { config: { path: 'orders/:id/status', method: 'PATCH' } });
    await deployWebhook(instance, 'draft', { config: { path: 'orders/draft/status', method: 'PATCH' } });
  });

  test('R-X2 gives their values to the run', async () => {
    const { body } = await send('orders/D%2F1/status', '{}', json, 'PATCH');
    const run = await runOf(body.runId);
    expect(run).toMatchObject({
      flowId: 'status',
      trigger: { meta: { params: { id: 'D/1' }, method: 'PATCH' } },
    });
  });

  test('gives way to a narrower one', async () => {
    const { body } = await send('orders/draft/status', '{}', json, 'PATCH');
    expect(await runOf(body.runId)).toMatchObject({ flowId: 'draft', trigger: { meta: { params: {} } } });
  });

  test('serves its own method alone', async () => {
    expect((await send('orders/1/status', '{}', json, 'PUT')).status).toBe(401);
  });

  test.each(['orders/:id/:what', ':a/:b/:c'])('may stand beside the wider %s', async (path) => {
    expect(await deployWebhook(instance, 'beside', { config: { path, method: 'PATCH' } })).toMatchObject({
      status: 200,
    });
  });

  test.each(['orders/:number/status', ':kind/draft/status'])('is refused at deployment beside %s', async (path) => {
    expect(await deployWebhook(instance, 'beside', { config: { path, method: 'PATCH' } })).toMatchObject({
      status: 409,
      body: { error: { code: 'ROUTE_TAKEN', problems: [{ pointer: '/nodes/approved/config/path' }] } },
    });
  });

  test('that crosses another is refused, whichever of two deployments comes first', async () => {
    const paths = ['cross/:x/b', 'cross/a/:y'];
    const [one, other] = await Promise.all(
      paths.map((path, index) => deployWebhook(instance, `cross-${index}`, { config: { path } })),
    );
    expect([one?.status, other?.status].sort()).toEqual([200, 409]);
  });
});

describe('a change of what serves', () => {
  test('is seen at once in the process that deploys', async () => {
    await deployWebhook(instance, 'moving', { config: { path: 'before' } });
    expect((await send('before', '{}', json)).status).toBe(202);
    await deployWebhook(instance, 'moving', { config: { path: 'after', answer: 'accepted' } });
    expect((await send('before', '{}', json)).status).toBe(401);
    expect(await send('after', '{}', json)).toMatchObject({ status: 202, body: { status: 'accepted' } });
  });

  test('is seen soon in another one, though nobody tells it', async () => {
    const elsewhere = serveWebhooks({ ...instance.api, bus: createBus() }, 'production');
    const find = (path: string) => elsewhere.find({ slug: 'acme', method: 'POST', path: [path] });
    await deployWebhook(instance, 'far', { config: { path: 'far' } });
    expect(await find('far')).toMatchObject({ webhook: { flowId: 'far' } });
    await deployWebhook(instance, 'far', { config: { path: 'further' } });
    await vi.waitFor(async () => {
      expect(await find('far')).toBeUndefined();
      expect(await find('further')).toMatchObject({ webhook: { flowId: 'far' } });
    }, 5_000);
    elsewhere.close();
  });

  test('is asked for by one look, however many ask, and for however many tenants', async () => {
    const scanner = vi.spyOn(instance.api.database.byIndex.atOnce, 'asScanner');
    const webhooks = serveWebhooks({ ...instance.api, bus: createBus() }, 'production');
    const find = (slug: string) => webhooks.find({ slug, method: 'POST', path: ['after'] });
    await Promise.all(Array.from({ length: 20 }, () => find('acme')));
    expect(scanner).toHaveBeenCalledTimes(1);
    await find('other');

    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_000);
    scanner.mockClear();
    await Promise.all(Array.from({ length: 20 }, (_, index) => find(index % 2 === 0 ? 'acme' : 'other')));
    expect(scanner).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
    webhooks.close();
  });
});

describe('a body of another kind', () => {
  beforeAll(async () => {
    const accepts = ['json', 'xml', 'form', 'multipart', 'binary'];
    await deployWebhook(instance, 'any', { config: { path: 'any', accepts } });
    await deployWebhook(instance, 'asked', { config: { path: 'asked', method: 'GET' } });
  });

  test('arrives where the trigger accepts it', async () => {
    const xml = await send('any', '<a>ö</a>', { 'content-type': 'text/xml' });
    expect((await runOf(xml.body.runId)).trigger.payload).toBe('<a>ö</a>');
    const form = await send('any', new URLSearchParams({ id: 'D-1' }));
    expect((await runOf(form.body.runId)).trigger.payload).toEqual({ id: 'D-1' });
  });

  test('with a file gives the run the file, which can be read', async () => {
    const form = new FormData();
    form.append('scan', new File(['%PDF'], '../../scan.pdf', { type: 'application/pdf' }));
    const { status, body } = await send('any', form);
    expect(status).toBe(202);
    const { scan } = (await runOf(body.runId)).trigger.payload;
    expect(scan).toMatchObject({ name: 'scan.pdf', mediaType: 'application/pdf', bytes: 4 });
    const file = await instance.call('GET', `/runs/${body.runId}/payloads/${scan.blob}`);
    expect(file).toMatchObject({ status: 200, body: '%PDF' });
  });

  test('is refused where it does not', async () => {
    const answer = await send('after', 'a', { 'content-type': 'text/plain' });
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'UNSUPPORTED_MEDIA_TYPE' } } });
  });

  test('49 that is a bomb is refused, at any address', async () => {
    const bomb = { ...json, 'content-encoding': 'gzip' };
    for (const path of ['any', 'nowhere'])
      expect((await send(path, gzipSync(Buffer.alloc(40_000_000)), bomb)).status).toBe(413);
  });

  test('that is none: a GET is told by its query', async () => {
    const { body } = await send('asked?id=D-1&tag=a&tag=b', null, {}, 'GET');
    expect((await runOf(body.runId)).trigger.payload).toEqual({ id: 'D-1', tag: ['a', 'b'] });
  });
});

test('a path that is not decodable is refused', async () => {
  const status = await new Promise((resolve) => {
    const options = { port: instance.port, path: '/hooks/acme/%zz', method: 'POST' };
    request(options, (response) => resolve(response.resume().statusCode)).end();
  });
  expect(status).toBe(400);
});
