import { ExactNumber, type Json, type NodeContext } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { SmtpConfig } from '../smtp/config.ts';
import { type Behaviour, type Received, startServer } from '../smtp/server.fixture.ts';
import type { SendConfig } from './config.ts';
import send from './node.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function setup(behaviour: Behaviour = {}) {
  const server = await startServer(behaviour);
  stops.push(server.stop);
  const mail = (config: Partial<SendConfig> = {}, overrides: Partial<NodeContext<SmtpConfig>> = {}) =>
    runNode(
      send,
      null,
      { to: 'anna@example.com', subject: 'Hello', text: 'Good morning.', ...config },
      { connection: connectionTo<SmtpConfig>(server.config), ...overrides },
    );
  return { ...server, mail };
}

/** Names of the headers, and what stands in one of them. */
function headersOf({ source }: Received) {
  const lines = (source.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]/g, ' ').split('\r\n');
  const entries = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

describe('R-X2 an e-mail', () => {
  test('reaches all recipients, and nobody sees the hidden ones', async () => {
    const { mail, received } = await setup();
    const recipients = ['anna@example.com', 'bo@example.com', 'cleo@example.com'];
    expect(
      await mail({ to: ['Anna Berg <anna@example.com>'], cc: 'bo@example.com', bcc: 'cleo@example.com' }),
    ).toMatchObject({ port: 'out', data: { accepted: recipients, rejected: [] } });
    const [message] = received as [Received];
    expect(message.to).toEqual(recipients);
    expect(headersOf(message)).toMatchObject({
      to: 'Anna Berg <anna@example.com>',
      cc: 'bo@example.com',
      from: 'Millrace <orders@example.com>',
      date: 'Mon, 02 Mar 2026 09:30:00 +0000',
    });
    expect(message.source).not.toContain('cleo');
  });

  test('sent again has the same Message-ID', async () => {
    const { mail, received } = await setup();
    const first = await mail();
    expect(await mail({}, { repeated: true })).toEqual(first);
    const ids = received.map((message) => headersOf(message)['message-id']);
    expect(ids).toEqual(['<run-1/step/0/0@example.com>', '<run-1/step/0/0@example.com>']);
  });

  test('carries text, HTML, data with every digit, and files', async () => {
    const { mail, received } = await setup();
    const blobs = memoryBlobs();
    const bytes = Buffer.from([0, 255, 13, 10, 46, 13, 10]);
    const file = await blobs.write(chunks(bytes), { name: 'label.bin', mediaType: 'application/x-label' });
    const attachments = [
      { name: 'total.json', content: { total: new ExactNumber('12345678901234567.89') } },
      { name: 'label.bin', content: file as unknown as Json },
      { name: 'note.txt', content: 'Räksmörgås' },
    ];
    await mail({ html: '<p>Good morning.</p>', attachments }, { blobs });
    const { source } = received[0] as Received;
    for (const content of ['{"total":12345678901234567.89}', bytes, 'Räksmörgås'])
      expect(source).toContain(Buffer.from(content as string).toString('base64'));
    expect(source).toContain('Content-Type: application/x-label; name=label.bin');
    expect(source).toContain('Content-Type: text/html');
  });

  test('never carries a file of this machine, whatever the content says', async () => {
    const { mail, received } = await setup();
    await mail({ attachments: [{ name: 'a.txt', content: { path: '/etc/passwd', href: 'http://127.0.0.1/' } }] });
    expect(received[0]?.source).toContain(Buffer.from('{"path":"/etc/passwd"').toString('base64').slice(0, 24));
  });

  test('with a file that is gone is not sent', async () => {
    const { mail, received } = await setup();
    const blobs = memoryBlobs();
    const file = await blobs.write(chunks(Buffer.from('x')), { name: 'a', mediaType: 'text/plain' });
    const attachments = [{ name: 'a.txt', content: { ...file } as unknown as Json }];
    expect(await mail({ attachments }, { blobs: memoryBlobs() })).toMatchObject({ error: { code: 'BLOB_MISSING' } });
    expect(received).toEqual([]);
  });
});

describe('a message that could be two is refused', () => {
  test.each<[Partial<SendConfig>, string, string]>([
    [{ subject: 'Hello\r\nBcc: all@example.com' }, 'MAIL_HEADER_INVALID', '/subject'],
    [{ to: 'anna@example.com\nBcc: all@example.com' }, 'MAIL_HEADER_INVALID', '/to'],
    [{ replyTo: 'anna@example.com\r' }, 'MAIL_HEADER_INVALID', '/replyTo'],
    [{ attachments: [{ name: 'a\r\nX: y', content: '' }] }, 'MAIL_HEADER_INVALID', '/attachments/0/name'],
    [{ cc: ['bo@example.com', 'anna@example.com, all@example.com'] }, 'MAIL_ADDRESS_INVALID', '/cc/1'],
    [{ to: 'everybody' }, 'MAIL_ADDRESS_INVALID', '/to'],
    [{ to: '"a b"@example.com' }, 'MAIL_ADDRESS_INVALID', '/to'],
    [{ to: [] }, 'MAIL_EMPTY', '/to'],
  ])('%j', async (config, code, pointer) => {
    const { mail, received } = await setup();
    expect(await mail(config)).toMatchObject({ kind: 'fail', error: { category: 'validation', code, pointer } });
    expect(received).toEqual([]);
  });

  test('and whatever the subject is, no header comes of it', async () => {
    const { mail, received } = await setup();
    await mail();
    const expected = Object.keys(headersOf(received[0] as Received)).sort();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (subject) => {
        received.length = 0;
        await mail({ subject });
        for (const message of received)
          expect([...new Set([...Object.keys(headersOf(message)), 'subject'])].sort()).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a mail server that', () => {
  test.each([
    [451, 'transient'],
    [550, 'validation'],
    [535, 'auth'],
  ])('answers %i fails the step as %s', async (responseCode, category) => {
    const { mail } = await setup({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('No'), { responseCode })),
    });
    expect(await mail()).toMatchObject({ error: { code: `SMTP_${responseCode}`, category } });
  });

  test('takes the message for some only is told apart', async () => {
    const { mail, received } = await setup({
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('bo') ? Object.assign(new Error('Unknown'), { responseCode: 550 }) : null),
    });
    const result = await mail({ to: ['anna@example.com', 'bo@example.com'] });
    const rejected = [{ address: 'bo@example.com', reply: '550 Unknown' }];
    expect(result).toMatchObject({ port: 'partial', data: { accepted: ['anna@example.com'], rejected } });
    expect(received).toHaveLength(1);
  });

  test('is not there is tried again', async () => {
    const { mail, stop } = await setup();
    stops.splice(0);
    await stop();
    const result = await mail({ whenUnknown: 'fail' });
    expect(result).toMatchObject({ error: { code: 'SMTP_UNREACHABLE', category: 'transient' } });
  });

  const breaksOffAfterTheMessage: Behaviour = (breakOff) => ({
    onData: (stream) => void stream.resume().on('end', breakOff),
  });

  test('breaks off after the message leaves its outcome unknown', async () => {
    const { mail } = await setup(breaksOffAfterTheMessage);
    expect(await mail({ whenUnknown: 'fail' })).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN' } });
    expect(await mail()).toMatchObject({ error: { code: 'SMTP_UNREACHABLE', category: 'transient' } });
  });

  test('breaks off before the message has certainly not taken it', async () => {
    const { mail } = await setup((breakOff) => ({ onRcptTo: breakOff }));
    expect(await mail({ whenUnknown: 'fail' })).toMatchObject({ error: { code: 'SMTP_UNREACHABLE' } });
  });

  test('may have been reached before is not asked again where that could do harm', async () => {
    const { mail, received } = await setup();
    expect(await mail({ whenUnknown: 'fail' }, { repeated: true })).toMatchObject({
      error: { code: 'OUTCOME_UNKNOWN' },
    });
    expect(received).toEqual([]);
  });

  test('takes its time is left when the run is cancelled', async () => {
    const abort = new AbortController();
    const { mail } = await setup({ onRcptTo: () => abort.abort() });
    expect(await mail({}, { signal: abort.signal })).toMatchObject({ error: { category: 'cancelled' } });
  });
});

async function* chunks(bytes: Uint8Array) {
  yield bytes;
}
