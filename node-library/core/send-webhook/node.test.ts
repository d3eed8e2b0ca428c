import type { InboundRequest, NodeContext } from '@millrace/contract';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Answer, addressOfNobody, json, setup } from '../http-request/local-server.fixture.ts';
import type { WebhookSecret } from '../webhook/secret.ts';
import webhook from '../webhook/trigger.ts';
import type { SendWebhookConfig } from './config.ts';
import sendWebhook from './node.ts';

const known: WebhookSecret = { current: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
const hmac = {
  scheme: 'hmac',
  header: 'X-ERP-Signature',
  prefix: 'sha256=',
  timestamp: { header: 'X-ERP-Timestamp' },
} as const;

/** A receiver; `send` runs the node against it, `check` has our own trigger look at what it got. */
async function receiver(answer: Answer = json(200, '{}')) {
  const { base, received } = await setup(answer);
  const send = (
    config: Partial<SendWebhookConfig> = {},
    secret = known,
    overrides: Partial<NodeContext<WebhookSecret>> = {},
  ) =>
    runNode(
      sendWebhook,
      null,
      { url: `${base}/hooks`, body: { id: 'D-1' }, ...config },
      {
        fetch,
        connection: connectionTo(secret),
        ...overrides,
      },
    );
  const check = (signature: { scheme: string }, secret = known, index = 0) => {
    const { headers, body, method, url } = received[index] as (typeof received)[number];
    const request: InboundRequest = { method: method ?? '', url: url ?? '', headers, body: Buffer.from(body) };
    const config = { path: 'x', signature } as Parameters<NonNullable<typeof webhook.authenticate>>[1];
    return webhook.authenticate?.(request, config, { connection: connectionTo(secret), now: new Date() });
  };
  return { base, received, send, check };
}

describe('R-C10 what is sent is accepted by our own webhook', () => {
  test('signed by Standard Webhooks, the message’s id being the event id', async () => {
    const { send, check } = await receiver();
    const result = await send();
    expect(result).toMatchObject({
      kind: 'emit',
      data: { id: expect.stringMatching(/^msg_[0-9a-f]{40}$/), status: 200 },
    });
    const { id } = (result as unknown as { data: { id: string } }).data;
    expect(check({ scheme: 'standard-webhooks' })).toEqual({ ok: true, eventId: id });
    expect(check({ scheme: 'standard-webhooks' }, { current: 'whsec_AAAAAAAAAAAA' })).toMatchObject({ ok: false });
  });

  test('signed by HMAC', async () => {
    const { send, check } = await receiver();
    await send({ signature: hmac });
    expect(check(hmac)).toEqual({ ok: true });
    expect(check(hmac, { current: 'another secret' })).toMatchObject({ ok: false });
  });

  test('47 signed by both secrets during a change-over, whichever the receiver knows', async () => {
    const { send, check } = await receiver();
    await send({}, { current: 'whsec_AAAAAAAAAAAA', previous: known.current });
    expect(check({ scheme: 'standard-webhooks' })).toMatchObject({ ok: true });
    expect(check({ scheme: 'standard-webhooks' }, { current: 'whsec_AAAAAAAAAAAA' })).toMatchObject({ ok: true });
  });

  test('whatever the body is', async () => {
    const { send, check, received } = await receiver();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (body) => {
        await send({ body, signature: hmac });
        expect(check(hmac, known, received.length - 1)).toEqual({ ok: true });
      }),
      { numRuns: 30 },
    );
  });
});

describe('a repetition', () => {
  test('has the same id, and another step has another', async () => {
    const { send, received } = await receiver();
    await send({}, known, { idempotencyKey: () => 'run-1/tell/0/0' });
    await send({}, known, { idempotencyKey: () => 'run-1/tell/0/0', attempt: 2 });
    await send({}, known, { idempotencyKey: () => 'run-1/other/0/0' });
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
    expect(received.map(({ headers }) => headers['idempotency-key'])).toEqual(ids);
  });

  test.each([
    [500, 'server'],
    [503, 'transient'],
    [429, 'rate-limit'],
    [400, 'validation'],
    [401, 'auth'],
    [410, 'validation'],
    [302, 'validation'],
  ])('R-C7 after %i is decided by its category: %s', async (status, category) => {
    const { send } = await receiver(json(status, '{}'));
    expect(await send()).toMatchObject({ kind: 'fail', error: { code: `HTTP_${status}`, category } });
  });

  test('after network trouble follows too', async () => {
    const { send } = await receiver();
    expect(await send({ url: await addressOfNobody() })).toMatchObject({
      error: { code: 'HTTP_UNREACHABLE', category: 'transient' },
    });
  });
});

describe('nothing is sent', () => {
  test.each([
    'http://shop.example.com/hooks',
    'ftp://shop.example.com',
    'shop.example.com',
    'https://a:b@shop.example.com',
  ])('to %s', async (url) => {
    const { send } = await receiver();
    expect(await send({ url })).toMatchObject({ error: { code: 'URL_INVALID', pointer: '/url' } });
  });

  test('signed by a secret of another form', async () => {
    const { send, received } = await receiver();
    expect(await send({}, { current: 'no base64 at all' })).toMatchObject({ error: { code: 'SECRET_UNUSABLE' } });
    expect(received).toEqual([]);
  });
});

test('a header of the flow’s own cannot stand for the signature', async () => {
  const { send, check } = await receiver();
  await send({ headers: { 'Webhook-Signature': 'v1,forged', 'webhook-timestamp': '1' } });
  expect(check({ scheme: 'standard-webhooks' })).toMatchObject({ ok: true });
});
