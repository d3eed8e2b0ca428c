import { AnyJson, defineTrigger } from '@millrace/contract';
import { authenticateSender } from './authenticate.ts';
import { isFromNow } from './body-time.ts';
import { OpenToAll, WebhookConfig } from './config.ts';
import type { WebhookSecret } from './secret.ts';

export default defineTrigger<typeof WebhookConfig, WebhookSecret>({
  id: 'core/webhook',
  version: 1,
  title: 'Webhook',
  summary: 'Starts a run when another system sends data to an address of this flow.',
  docs: `The address is the tenant's webhook address followed by the path. A part of the path such as \`:id\` stands for any
value, which the flow sees as \`$trigger.params.id\`; where several addresses fit, the narrowest serves. The sender gets 202 as
soon as the run is durably stored. With the answer “checked” the checks that stand directly behind the trigger run first, and
the sender gets 422 with every problem when they refuse the data. With “respond” it gets what a node “Respond” says; after the
longest wait it gets 202 with the run's address, and the same request sent again gets the answer once there is one.

With a signature only who knows a secret of the connection may send. What is not signed as it must be is answered exactly as
an address that does not exist: 401. During a change of secrets the present and the previous one are valid. A signature over
the body alone can be sent again by whoever overheard it: let it sign a timestamp too, say where the body tells its time, and
name an event id. A body that should tell its time and does not is wrong data: \`TIMESTAMP_INVALID\`.

Senders repeat themselves when an answer is lost. The same event is processed once: what tells it is the id that Standard
Webhooks sign, else the event id in the data, else the header \`Idempotency-Key\`. Without any of these the same data sent
twice is two runs.

Text and XML arrive as text, to be parsed by a node. A form arrives as an object of texts, a field that comes several times as
a list. Files arrive by reference; the names that senders give them are never used as places. Bodies may be compressed
(gzip, deflate, br, zstd).`,
  icon: 'webhook',
  connection: 'core/webhook-secret',
  connectionOptional: OpenToAll,
  config: WebhookConfig,
  outputs: { out: AnyJson },
  activation: ({ path, method }) => ({ kind: 'route', method: method ?? 'POST', path }),
  authenticate: (request, { signature }, { connection, now }) =>
    authenticateSender(request, signature ?? { scheme: 'none' }, connection?.config, now),
  admit: (payload, { signature }, { now }) =>
    signature?.scheme === 'hmac' && signature.bodyTime
      ? isFromNow(payload, { ...signature.bodyTime, tolerance: signature.tolerance }, now)
      : { ok: true },
  examples: [
    {
      title: 'An approved order, processed once however often it is sent',
      config: { path: 'orders/approved', eventId: '{% event_id %}' },
      payload: { event_id: 'evt-1', order: { id: 'D-1001', lines: [{ sku: 'A-1', quantity: 2 }] } },
    },
    {
      title: 'A signed change of an order’s status, with the order in the address',
      config: {
        path: 'orders/:id/status',
        method: 'PATCH',
        signature: { scheme: 'hmac', header: 'X-ERP-Signature', timestamp: { header: 'X-ERP-Timestamp' } },
      },
      payload: { status: 'shipped' },
    },
    {
      title: 'Events of an ERP that signs the body alone, repeats them for a day, and knows no other refusal than 400',
      config: {
        path: 'erp/events',
        signature: {
          scheme: 'hmac',
          header: 'X-ERP-Signature',
          encoding: '{% $params.encoding %}',
          bodyTime: { field: 'timestamp', repeatedFor: 'P1D' },
        },
        eventId: '{% event_id %}',
        dataErrors: 'bad-request',
      },
      payload: { event_id: 'evt-1', timestamp: '2026-11-20T10:00:00Z' },
    },
    {
      title: 'A stock level put by a warehouse that wants no checks first',
      config: { path: 'stock/levels', method: 'PUT', answer: 'accepted' },
      payload: { sku: 'A-1', quantity: 40 },
    },
  ],
});
