import { createHmac } from 'node:crypto';
import { isObject, MillraceError, type NodeContext, writeJson } from '@millrace/contract';
import type { Delivery } from '../postgres/alerts/deliveries.ts';
import { type MasterKeys, open } from '../secrets/envelope.ts';
import { webhookBody } from './message.ts';

const patienceMs = 20_000;

export interface WebhookMeans {
  /** Refuses addresses that the instance does not call. */
  readonly fetch: NodeContext['fetch'];
  readonly masterKeys: MasterKeys;
}

/**
 * Posts an alert, signed as Standard Webhooks 1.0.0 says; its id is the alert's at every attempt.
 * @throws {MillraceError} `WEBHOOK_FAILED`, `ADDRESS_REFUSED`, `SECRET_UNREADABLE`
 */
export async function sendWebhook(
  { fetch, masterKeys }: WebhookMeans,
  delivery: Delivery & { readonly kind: 'webhook' },
): Promise<void> {
  const body = writeJson(webhookBody(delivery));
  const headers = { 'content-type': 'application/json', ...signed(delivery, body, masterKeys) };
  const signal = AbortSignal.timeout(patienceMs);
  const response = await fetch(delivery.config.url, { method: 'POST', headers, body, signal }).catch(
    (cause: unknown) => {
      throw unreachable(cause);
    },
  );
  await response.body?.cancel();
  if (!response.ok) throw failed(`answered ${response.status}`);
}

function signed(delivery: Delivery, body: string, masterKeys: MasterKeys): Record<string, string> {
  const id = delivery.alert;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secretOf(delivery, masterKeys).replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

function secretOf({ sealed, tenant, channel }: Delivery, masterKeys: MasterKeys): string {
  const secret = sealed && open(sealed, `${tenant}/${channel}`, masterKeys);
  if (isObject(secret) && typeof secret.signing === 'string') return secret.signing;
  throw new MillraceError('SECRET_UNREADABLE', 'The channel has no secret to sign with; make it anew.', {
    category: 'auth',
  });
}

/** `fetch` wraps what the guard threw. */
function unreachable(thrown: unknown): MillraceError {
  const { cause } = thrown as { cause?: unknown };
  const refusal = [thrown, cause].find((error) => error instanceof MillraceError);
  return refusal ?? failed('could not be reached', thrown);
}

function failed(how: string, cause?: unknown): MillraceError {
  return new MillraceError('WEBHOOK_FAILED', `The address ${how}.`, { category: 'transient', cause });
}
