import { Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';

const Address = Type.String({ minLength: 3, maxLength: 500 });

/** One address, or a list of them. */
function addresses(title: string, description: string, example: string) {
  return Expression(
    Type.Union([Address, Type.Array(Address, { maxItems: 100 })], { title, description, examples: [example] }),
  );
}

const Attachment = Type.Object(
  {
    name: Type.String({ title: 'File name', minLength: 1, maxLength: 200, examples: ['order.json'] }),
    content: Type.Unknown({
      title: 'Content',
      description: 'Text, a file of an earlier step, or any other data, which is attached as JSON.',
      examples: ['{% $steps.document %}'],
    }),
    mediaType: Type.Optional(
      Type.String({
        title: 'Media type',
        description: 'Left out: that of the file, or what the name’s ending says.',
        pattern: '^[\\w.+-]+/[\\w.+-]+$',
        maxLength: 100,
        examples: ['application/pdf'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type Attachment = Static<typeof Attachment>;

export const SendConfig = Type.Object(
  {
    to: addresses('To', 'Recipients: one address or a list.', '{% customer.email %}'),
    cc: Type.Optional(addresses('Cc', 'Further recipients whom all can see.', 'sales@example.com')),
    bcc: Type.Optional(addresses('Bcc', 'Further recipients whom nobody can see.', 'archive@example.com')),
    replyTo: Type.Optional(
      Expression(
        Type.String({
          title: 'Reply to',
          description: 'Address for answers, where it is not the sender’s.',
          minLength: 3,
          maxLength: 500,
          examples: ['orders@example.com'],
        }),
      ),
    ),
    subject: Expression(
      Type.String({
        title: 'Subject',
        description: 'One line.',
        maxLength: 500,
        examples: ['{% "Order " & id & " was refused" %}'],
      }),
    ),
    text: Type.Optional(
      Expression(
        Type.String({
          title: 'Text',
          description: 'The message as plain text.',
          maxLength: 1_000_000,
          examples: ['{% "Order " & id & " could not be delivered." %}'],
        }),
      ),
    ),
    html: Type.Optional(
      Expression(
        Type.String({
          title: 'HTML',
          description: 'The message as HTML, beside or instead of the text. Data in it is the author’s to escape.',
          maxLength: 1_000_000,
          examples: ['<p>Your order was accepted.</p>'],
        }),
      ),
    ),
    attachments: Type.Optional(
      Expression(
        Type.Array(Attachment, {
          title: 'Attachments',
          description: 'Files that go with the message.',
          maxItems: 20,
          examples: [[{ name: 'order.json', content: '{% $ %}' }]],
        }),
      ),
    ),
    whenUnknown: Type.Optional(
      Type.Enum(['retry', 'fail'], {
        title: 'When the outcome is unknown',
        description:
          'A message may have been taken although the answer was lost. retry: send it again with the same Message-ID. fail: stop with OUTCOME_UNKNOWN, for somebody to look.',
        default: 'retry',
        examples: ['retry'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type SendConfig = Static<typeof SendConfig>;
