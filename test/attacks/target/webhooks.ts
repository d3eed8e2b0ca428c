import { createHmac } from 'node:crypto';
import { connect, ensureFlow } from './flows.ts';
import type { SentHeaders, Target } from './target.ts';

export const secret = 'attacked-webhook-secret';
const standardSecret = Buffer.from('attacked-standard-webhooks').toString('base64');

/** Two webhooks: one signed by HMAC over time and body, one by Standard Webhooks. */
export interface SignedWebhooks {
  /** Path of the first; its events are told by `event_id`. */
  readonly hmac: 'signed';
  /** Path of the second. */
  readonly standard: 'standard';
}

export async function ensureWebhooks(target: Target): Promise<SignedWebhooks> {
  const { json } = await target.call('GET', '/flows/signed');
  if (json?.id !== undefined) return { hmac: 'signed', standard: 'standard' };
  const timestamp = { header: 'X-Time' };
  const hmac = { scheme: 'hmac', header: 'X-Digest', timestamp };
  await deploy(target, 'signed', secret, { signature: hmac, eventId: '{% event_id %}' });
  await deploy(target, 'standard', `whsec_${standardSecret}`, { signature: { scheme: 'standard-webhooks' } });
  return { hmac: 'signed', standard: 'standard' };
}

async function deploy(target: Target, path: string, current: string, config: object): Promise<void> {
  const type = 'core/webhook-secret';
  const sender = await connect(target, path, type, { current });
  const webhook = { type: 'core/webhook', connection: 'sender', config: { path, answer: 'accepted', ...config } };
  const nodes = [webhook, { type: 'core/map', config: { expression: '$' } }];
  await ensureFlow(target, { id: path, nodes, connections: { sender: { type } } }, { sender });
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** Headers of a request that is signed as the first webhook wants it. @param at seconds since 1970 */
export function signed(body: string, key = secret, at = nowSeconds()): SentHeaders {
  const digest = createHmac('sha256', key).update(`${at}.${body}`).digest('hex');
  return { 'content-type': 'application/json', 'X-Digest': digest, 'X-Time': String(at) };
}

/** The same for the second. @param keys one signature each, as during a change of secrets */
export function standardSigned(id: string, body: string, keys: readonly string[] = [standardSecret]): SentHeaders {
  const at = nowSeconds();
  const signatures = keys.map((key) => {
    const digest = createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${at}.${body}`).digest('base64');
    return `v1,${digest}`;
  });
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': signatures.join(' '),
  };
}

export { standardSecret };
