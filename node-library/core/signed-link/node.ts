import { AnyJson, Duration, defineNode, durationMs, Expression, emit, MillraceError } from '@millrace/contract';
import Type from 'typebox';
import { signedLink } from '../webhook/link.ts';
import { secretsOf, type WebhookSecret } from '../webhook/secret.ts';

const Config = Type.Object(
  {
    address: Expression(
      Type.String({
        title: 'Address',
        description: 'Whole address of a webhook with the signature “Signed link”, without a query.',
        minLength: 1,
        maxLength: 1000,
        examples: ['{% "https://orders.example.com/hooks/acme/orders/" & order_id & "/confirmation" %}'],
      }),
    ),
    expiresAfter: Type.Optional(
      Expression(
        Duration({
          title: 'Expires after',
          description: 'How long the link can be used.',
          default: 'P7D',
          examples: ['P7D'],
        }),
      ),
    ),
  },
  { additionalProperties: false },
);

export default defineNode<typeof Config, WebhookSecret>({
  id: 'core/signed-link',
  version: 1,
  title: 'Signed link',
  summary: 'Makes an address that whoever has it may call, and nobody else.',
  docs: `For a person who gets the link by e-mail and has no key. The webhook at the address has the signature “Signed link” and
the same connection: it admits who calls with this very path before the link expires. During a change of secrets the present one
signs, and both are valid.

A link can be opened by a mail scanner, and opened again: let GET show what is asked and POST do it, and let the path name
something that the flow marks as done when it is used. The link itself is as good as a key until then, so it goes into a
message and nowhere else.`,
  icon: 'link',
  connection: 'core/webhook-secret',
  config: Config,
  input: AnyJson,
  outputs: { out: Type.Object({ url: Type.String(), expiresAt: Type.String({ format: 'date-time' }) }) },
  effect: 'read',
  examples: [
    {
      title: 'A link by which a supplier confirms an order',
      config: { address: '{% "https://orders.example.com/hooks/acme/orders/" & id %}', expiresAfter: 'P3D' },
      input: { id: 'D-1001' },
      expect: { port: 'out', data: { url: '*', expiresAt: '*' } },
    },
    {
      title: 'What is no address is refused',
      config: { address: 'orders/D-1001' },
      input: null,
      expect: { error: 'ADDRESS_INVALID' },
    },
  ],
  run(_input, { address, expiresAfter = 'P7D' }, ctx) {
    const expiresAt = new Date(ctx.now.getTime() + durationMs(expiresAfter));
    const [secret] = secretsOf(ctx.connection.config) as [string];
    return emit('out', { url: signedLink(webAddress(address), secret, expiresAt), expiresAt: expiresAt.toISOString() });
  },
});

function webAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return url;
  throw new MillraceError('ADDRESS_INVALID', 'A link is signed for a whole http(s) address without a query.', {
    pointer: '/address',
  });
}
