import { createHash } from 'node:crypto';
import { AnyJson, defineNode, emit, MillraceError } from '@millrace/contract';
import Type from 'typebox';
import { baseOf } from '../http-connection/base.ts';
import { exchange } from '../http-request/exchange.ts';
import { refused } from '../http-request/failure.ts';
import { type HttpRequest, requestOf } from '../http-request/request.ts';
import { readResponse } from '../http-request/response.ts';
import { hmacHeaders } from '../webhook/hmac.ts';
import { secretsOf, type WebhookSecret } from '../webhook/secret.ts';
import { standardWebhookHeaders } from '../webhook/standard-webhooks.ts';
import { SendWebhookConfig } from './config.ts';

export default defineNode<typeof SendWebhookConfig, WebhookSecret>({
  id: 'core/send-webhook',
  version: 1,
  title: 'Send webhook',
  summary: 'Sends signed data to another system, which can be sure whom it comes from.',
  docs: `The message has an id that stays the same however often it is sent, in the header \`webhook-id\` (Standard Webhooks) and
\`Idempotency-Key\`, so that the receiver can tell a repetition. The time of sending is that of the very attempt, since receivers
refuse what is old.

Every status from 200 to 299 is success. Any other fails the step as \`HTTP_<status>\`, and its kind decides whether it is sent
again: 408, 429, 5xx and network trouble are, everything else is not. With the retry schedule
\`["1m", "5m", "15m", "1h", "6h"]\` it is tried for a day and longer.

While the connection holds two secrets, Standard Webhooks are signed by both; an HMAC has room for one, the present one.`,
  icon: 'send',
  connection: 'core/webhook-secret',
  config: SendWebhookConfig,
  input: AnyJson,
  outputs: { out: Type.Object({ id: Type.String(), status: Type.Integer() }) },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'An approved order is told to the shop',
      config: { url: 'https://shop.example.com/hooks/orders', body: '{% $ %}' },
      input: { id: 'D-1001', status: 'approved' },
      http: { status: 204 },
      expect: { port: 'out', data: { id: '*', status: 204 } },
    },
    {
      title: 'A receiver that finds the data wrong is not asked again',
      config: {
        url: 'https://shop.example.com/hooks/orders',
        body: '{% { "sku": sku } %}',
        signature: { scheme: 'hmac', header: 'X-ERP-Signature', timestamp: { header: 'X-ERP-Timestamp' } },
      },
      input: { sku: '' },
      http: { status: 400, body: { message: 'sku is missing' } },
      expect: { error: 'HTTP_400' },
    },
  ],
  async run(_input, config, ctx) {
    const id = messageId(ctx.idempotencyKey());
    const request = signed(requestFor(config, id), id, config, secretsOf(ctx.connection.config), new Date());
    const answer = await exchange(request, { ...config, mayRepeat: true }, ctx, readResponse);
    if (answer.status < 200 || answer.status > 299) throw refused(request, answer, true);
    return emit('out', { id, status: answer.status });
  },
});

/** Standard Webhooks join id, time and body by dots, so that an id must hold none. */
function messageId(idempotencyKey: string): string {
  return `msg_${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 40)}`;
}

/** @throws {MillraceError} `URL_INVALID`, `HEADER_INVALID` */
function requestFor({ url, headers = {}, body }: SendWebhookConfig, id: string): HttpRequest {
  const request = requestOf({ method: 'POST', url, headers, body }, id, undefined);
  try {
    baseOf(request.url.href);
  } catch (cause) {
    const message = 'A webhook is sent to an https address, or to this very machine.';
    throw new MillraceError('URL_INVALID', message, { pointer: '/url', cause });
  }
  return request;
}

/** The signature goes before headers of the same name: nothing else may speak for it. */
function signed(
  request: HttpRequest,
  id: string,
  { signature = { scheme: 'standard-webhooks' } }: SendWebhookConfig,
  secrets: readonly string[],
  now: Date,
): HttpRequest {
  const body = Buffer.from(request.body ?? '');
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const headers = new Headers(request.headers);
  const proof =
    signature.scheme === 'hmac'
      ? hmacHeaders(signature, secrets[0] as string, body, timestamp)
      : standardWebhookHeaders(secrets, { id, timestamp, body });
  for (const [name, value] of Object.entries(proof)) headers.set(name, value);
  return { ...request, headers };
}
