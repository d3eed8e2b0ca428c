import type { AddressInfo } from 'node:net';
import { isObject, type Json, MillraceError, type Sandbox } from '@millrace/contract';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

interface ReceivedMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly messageId: string;
  readonly subject: string;
  /** As it came. */
  readonly source: string;
}

/**
 * A mail server that keeps what it is sent. Acts: `{ "act": "refuse", "reply": 451 }` answers every message so from now
 * on, `{ "act": "accept" }` takes them again. State: `{ "messages": [{ from, to, messageId, subject, source }] }`.
 */
export async function mailSandbox(): Promise<Sandbox> {
  const messages: ReceivedMessage[] = [];
  let refusal: number | undefined;
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refusal !== undefined) return done(replyOf(refusal));
        messages.push(received(Buffer.concat(chunks).toString(), session));
        done(null);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    config: { host: '127.0.0.1', port, security: 'none', from: 'Millrace <millrace@example.com>' },
    async act(act) {
      refusal = refusalIn(act);
    },
    state: async () => ({ messages: messages as unknown as Json }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function replyOf(reply: number): Error {
  return Object.assign(new Error('The sandbox was told to refuse'), { responseCode: reply });
}

function refusalIn(act: Json): number | undefined {
  if (isObject(act) && act.act === 'accept') return undefined;
  if (isObject(act) && act.act === 'refuse' && Number.isInteger(act.reply)) return Number(act.reply);
  throw new MillraceError('SANDBOX_ACT_UNKNOWN', 'The mail server’s acts are refuse (with a reply code) and accept.');
}

function received(source: string, { envelope }: SMTPServerSession): ReceivedMessage {
  const [head = ''] = source.split('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded(head))?.[1]?.trim() ?? '';
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    messageId: header('message-id'),
    subject: header('subject'),
    source,
  };
}

/** A header line that goes on in the next, which then begins with a blank (RFC 5322, 2.2.3). */
function unfolded(head: string): string {
  return head.replace(/\r\n[ \t]/g, ' ');
}
