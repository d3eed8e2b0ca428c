import { Duration, Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { HmacFields } from '../webhook/hmac.ts';

const Signature = Type.Union(
  [
    Type.Object(
      {
        scheme: Type.Literal('standard-webhooks', {
          title: 'Standard Webhooks',
          description: 'Standard Webhooks 1.0.0; while two secrets are valid it is signed by both.',
        }),
      },
      { additionalProperties: false },
    ),
    Type.Object(HmacFields, { additionalProperties: false }),
  ],
  {
    title: 'Signature',
    description: 'How the receiver recognises us.',
    default: { scheme: 'standard-webhooks' },
    examples: [{ scheme: 'hmac', header: 'X-ERP-Signature' }],
  },
);

export const SendWebhookConfig = Type.Object(
  {
    url: Expression(
      Type.String({
        title: 'Address',
        description: 'Where the receiver takes webhooks; https, or http on this very machine.',
        minLength: 1,
        maxLength: 8000,
        examples: ['https://shop.example.com/hooks/orders'],
      }),
    ),
    body: Expression(
      Type.Unknown({
        title: 'Body',
        description: 'Text is sent as it is, anything else as JSON.',
        examples: ['{% $ %}'],
      }),
    ),
    signature: Type.Optional(Signature),
    headers: Type.Optional(
      Type.Record(Type.String(), Expression(Type.String()), {
        title: 'Headers',
        description: 'Further request headers; one whose expression gives nothing is left out.',
        examples: [{ 'X-Event': 'order.approved' }],
      }),
    ),
    timeout: Type.Optional(
      Duration({
        title: 'Time limit',
        description: 'Longest time for the request with its answer.',
        default: 'PT30S',
        examples: ['PT15S'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type SendWebhookConfig = Static<typeof SendWebhookConfig>;
