import { createHmac } from 'node:crypto';
import { MillraceError } from '@millrace/contract';

/** Headers of Standard Webhooks 1.0.0, in lower case. */
export const standardHeaders = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

/** What is signed besides the body. */
export interface StandardMessage {
  readonly id: string;
  /** Seconds since 1970, in digits. */
  readonly timestamp: string;
  /** As it is sent, byte for byte. */
  readonly body: Uint8Array;
}

/**
 * The symmetric signature (`v1`) of Standard Webhooks 1.0.0: over `id.timestamp.body`.
 * @throws {MillraceError} `SECRET_UNUSABLE`
 */
export function standardSignature(secret: string, { id, timestamp, body }: StandardMessage): Buffer {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The headers that a signed request carries: one signature for each secret, for the time of a change-over. */
export function standardWebhookHeaders(secrets: readonly string[], message: StandardMessage): Record<string, string> {
  const signatures = secrets.map((secret) => `v1,${standardSignature(secret, message).toString('base64')}`);
  return {
    [standardHeaders.id]: message.id,
    [standardHeaders.timestamp]: message.timestamp,
    [standardHeaders.signature]: signatures.join(' '),
  };
}

/** Secrets are written in base64, usually behind `whsec_`. */
function keyOf(secret: string): Buffer {
  const encoded = secret.replace(/^whsec_/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded))
    throw new MillraceError('SECRET_UNUSABLE', 'The secret of Standard Webhooks is “whsec_” followed by base64.', {
      category: 'auth',
    });
  return Buffer.from(encoded, 'base64');
}
