import type { Readable } from 'node:stream';
import { AnyJson, defineNode, emit, Failure, MillraceError, type NodeContext } from '@millrace/contract';
import Type from 'typebox';
import type { SmtpConfig } from '../smtp/config.ts';
import { type Taken, withSession } from '../smtp/session.ts';
import { SendConfig } from './config.ts';
import { type Message, messageOf } from './message.ts';

const Sent = Type.Object({
  messageId: Type.String({ description: 'With angle brackets; the same on every repeat.' }),
  accepted: Type.Array(Type.String(), { description: 'Addresses that the server took the message for.' }),
  rejected: Type.Array(Type.Object({ address: Type.String(), reply: Type.String() })),
});

export default defineNode<typeof SendConfig, SmtpConfig>({
  id: 'mail/send',
  version: 1,
  title: 'Send e-mail',
  summary: 'Sends an e-mail with text, HTML and attachments.',
  docs: `The message leaves when the mail server has taken it; what becomes of it then, the server tells the sender’s
address, not the flow. The Message-ID is made of the step’s idempotency key: a message that is sent again after a lost answer
has the same one, and mail systems show it once.

Where the server takes the message for some recipients only, it leaves by \`partial\`, with the refused ones and why; if
nothing is attached there, the step fails with \`MAIL_PARTLY_REFUSED\`. A server’s refusal fails the step as \`SMTP_<reply>\`:
4xx is tried again, 5xx is the data’s fault, 530 to 538 are access.

Addresses, subject and file names with line breaks are refused. An attachment may be a file of an earlier step: it is read while
the message is sent, however large it is.`,
  icon: 'mail-forward',
  connection: 'mail/smtp',
  config: SendConfig,
  input: AnyJson,
  outputs: { out: Sent, partial: Failure('MAIL_PARTLY_REFUSED', Sent) },
  effect: 'unsafe-write',
  examples: [
    {
      title: 'Somebody is told of a refused order',
      config: {
        to: '{% contact %}',
        subject: '{% "Order " & id & " was refused" %}',
        text: '{% "The ERP says: " & reason %}',
        attachments: [{ name: 'order.json', content: '{% $ %}' }],
      },
      input: { id: 'D-1001', contact: 'Anna Berg <anna@example.com>', reason: 'unknown customer' },
      expect: { port: 'out', data: { messageId: '*', accepted: ['anna@example.com'], rejected: [] } },
    },
    {
      title: 'A line break in the subject is refused',
      config: { to: 'anna@example.com', subject: '{% subject %}', text: 'Hello.' },
      input: { subject: 'Hello\r\nBcc: everybody@example.com' },
      expect: { error: 'MAIL_HEADER_INVALID' },
    },
  ],
  async run(_input, config, ctx) {
    const mayRepeat = config.whenUnknown !== 'fail';
    if (ctx.repeated && !mayRepeat) throw outcomeUnknown();
    const message = messageOf(config, sendingOf(ctx));
    const taken = await deliver(message, ctx, mayRepeat);
    const port = taken.rejected.length > 0 ? 'partial' : 'out';
    return emit(port, { messageId: message.id, ...taken });
  },
});

function sendingOf({ connection, idempotencyKey, now, blobs }: NodeContext<SmtpConfig>) {
  return { from: connection.config.from, idempotencyKey: idempotencyKey(), date: now, blobs };
}

async function deliver(message: Message, ctx: NodeContext<SmtpConfig>, mayRepeat: boolean): Promise<Taken> {
  const progress: Progress = { sent: false };
  try {
    // Opened only when the server listens: what goes wrong with a file has somebody to tell.
    return await withSession(
      ctx.connection.config,
      { signal: ctx.signal, network: ctx.connection.network },
      ({ send }) => send(message.envelope, watched(message.open(), progress)),
    );
  } catch (thrown) {
    if (!mayRepeat && progress.sent && isWithoutAnswer(thrown)) throw outcomeUnknown();
    throw progress.failure ?? thrown;
  }
}

/** What is known of a message under way. */
interface Progress {
  /** It was read to its end: before that the server cannot have taken it. */
  sent: boolean;
  /** Why it could not be read; a copy, because nodemailer writes codes of its own on what it reports. */
  failure?: MillraceError;
}

function watched(message: Readable, progress: Progress): Readable {
  return message
    .once('end', () => {
      progress.sent = true;
    })
    .once('error', (error) => {
      if (error instanceof MillraceError)
        progress.failure = new MillraceError(error.code, error.message, error.options);
    });
}

/** The server's reply was lost, or nobody waited for it: only then the outcome is unknown. */
function isWithoutAnswer(thrown: unknown): boolean {
  return thrown instanceof MillraceError && ['SMTP_UNREACHABLE', 'CANCELLED'].includes(thrown.code);
}

/** Not tried again by itself: whoever looks into it decides. */
function outcomeUnknown(): MillraceError {
  const message = 'The message may or may not have been sent; look at the mail server before it is sent again.';
  return new MillraceError('OUTCOME_UNKNOWN', message);
}
