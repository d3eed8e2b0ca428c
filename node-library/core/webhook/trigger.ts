import { AnyJson, defineTrigger, Expression } from '@millrace/contract';
import Type from 'typebox';

export default defineTrigger({
  id: 'core/webhook',
  version: 1,
  title: 'Webhook',
  summary: 'Starts a run when another system sends data to an address of this flow.',
  docs: `The address is the tenant's webhook address followed by the path. The sender gets 202 as soon as the run is
durably stored. With the answer “checked” the checks that stand directly behind the trigger run first, and the sender
gets 422 with every problem when they refuse the data.

Senders repeat themselves when an answer is lost. Name an event id, and the same id starts one run only; without it the
same data sent twice is two runs.`,
  icon: 'webhook',
  config: Type.Object(
    {
      path: Type.String({
        title: 'Path',
        description: 'Last part of the address; letters, digits, - _ and . between slashes.',
        pattern: '^(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.-]+(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9_.-]+)*$',
        maxLength: 200,
        examples: ['orders/approved'],
      }),
      method: Type.Optional(
        Type.Enum(['POST', 'PUT'], {
          title: 'Method',
          description: 'HTTP method with which the sender calls.',
          default: 'POST',
          examples: ['POST'],
        }),
      ),
      eventId: Type.Optional(
        Expression(
          Type.String({
            title: 'Event id',
            description: 'What tells one event from another in the data; the same id is processed once.',
            minLength: 1,
            maxLength: 500,
            examples: ['{% event_id %}'],
          }),
        ),
      ),
      answer: Type.Optional(
        Type.Enum(['accepted', 'checked'], {
          title: 'Answer',
          description:
            'accepted: 202 at once. checked: 422 with every problem when the first checks refuse the data, otherwise 202.',
          default: 'checked',
          examples: ['checked'],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  outputs: { out: AnyJson },
  activation: ({ path, method }) => ({ kind: 'route', method: method ?? 'POST', path }),
  examples: [
    {
      title: 'An approved order, processed once however often it is sent',
      config: { path: 'orders/approved', eventId: '{% event_id %}' },
      payload: { event_id: 'evt-1', order: { id: 'D-1001', lines: [{ sku: 'A-1', quantity: 2 }] } },
    },
    {
      title: 'A stock level put by a warehouse that wants no checks first',
      config: { path: 'stock/levels', method: 'PUT', answer: 'accepted' },
      payload: { sku: 'A-1', quantity: 40 },
    },
  ],
});
