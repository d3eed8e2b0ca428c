import { defineConnection, PreviousOf, Secret } from '@millrace/contract';
import Type, { type Static } from 'typebox';

const WebhookSecret = Type.Object(
  {
    current: Secret(
      Type.String({
        title: 'Secret',
        description: 'What both sides know: the key of the signature, the token, or the password.',
        minLength: 8,
        maxLength: 1000,
      }),
    ),
    previous: Type.Optional(
      PreviousOf(
        'current',
        Secret(
          Type.String({
            title: 'Previous secret',
            description:
              'Valid besides the present one while the other side changes over; goes by itself when the secret was rotated.',
            minLength: 8,
            maxLength: 1000,
          }),
        ),
      ),
    ),
  },
  { additionalProperties: false },
);
export type WebhookSecret = Static<typeof WebhookSecret>;

/** The valid secrets, the present one first. */
export function secretsOf({ current, previous }: WebhookSecret): string[] {
  return previous === undefined ? [current] : [current, previous];
}

/** Known to the sender and the receiver of webhooks, and to nobody else. */
export default defineConnection({
  id: 'core/webhook-secret',
  title: 'Webhook secret',
  summary: 'The secret by which a receiver of webhooks recognises their sender.',
  config: WebhookSecret,
  fromText: (current) => ({ current }),
  probe: async ({ previous }) => ({
    ok: true,
    message:
      previous === undefined ? 'One secret is valid.' : 'Two secrets are valid: the present and the previous one.',
  }),
  sandbox: async () => ({
    config: { current: 'whsec_c2FuZGJveC1zZWNyZXQ=' },
    act: async () => undefined,
    state: async () => null,
    stop: async () => undefined,
  }),
});
