import { expect, onTestFinished, test } from 'vitest';
import { contentOf, readStart } from '../content.ts';
import type { FileExchange } from '../file-exchange.ts';
import { withFileExchange } from '../open.ts';
import { type Oddity, startOddServer } from './odd-server.fixture.ts';

const { signal } = new AbortController();
const large = Buffer.alloc(300_000, 'abcdefg');

async function odd(oddity: Oddity = {}) {
  const server = await startOddServer(oddity);
  onTestFinished(() => server.stop());
  const using = <T>(work: (exchange: FileExchange) => Promise<T>, requestMs?: number) =>
    withFileExchange(server.config, { signal, requestMs }, work);
  const put = (ifExists: 'replace' | 'refuse' = 'replace') =>
    using((exchange) => exchange.write('a.bin', '.a.tmp', contentOf(large), ifExists));
  const read = () => using((exchange) => readStart(exchange, 'a.bin', 10_000_000));
  return { ...server, using, put, read };
}

test('R-D3 a server without OpenSSH’s extensions: files are written, replaced, refused, moved and read', async () => {
  const { files, using, put, read } = await odd();
  await put();
  await put();
  await expect(put('refuse')).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  expect((await read()).bytes.equals(large)).toBe(true);
  await using((exchange) => exchange.write('b.bin', '.b.tmp', contentOf(Buffer.from('b')), 'refuse'));
  await expect(using((exchange) => exchange.move('b.bin', 'a.bin'))).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  await using((exchange) => exchange.rename('b.bin', 'a.bin'));
  expect([...files.entries()]).toEqual([['/files/a.bin', Buffer.from('b')]]);
});

test('R-D3 a server that gives less than was asked for is asked again', async () => {
  const { files, read } = await odd({ shortRead: 1000 });
  files.set('/files/a.bin', large);
  expect((await read()).bytes.equals(large)).toBe(true);
});

test('R-D3 a read that ends before the file does is no whole file (65)', async () => {
  const { files, read } = await odd({ endsAt: 150_000 });
  files.set('/files/a.bin', large);
  await expect(read()).rejects.toMatchObject({ code: 'FILE_CHANGED', category: 'transient' });
});

test('R-D3 of a file that was swapped after the look, nothing is given (54)', async () => {
  const { files, read } = await odd({ swapped: Buffer.from('secret') });
  files.set('/files/a.bin', Buffer.from('mine'));
  await expect(read()).rejects.toMatchObject({ code: 'FILE_CHANGED' });
});

test.each([
  ['loud', 'EXCHANGE_FAILED'],
  ['mute', 'DISK_FULL'],
] as const)('R-D3 a full disk, %s: %s, and neither the final nor a temporary name is left (66)', async (way, code) => {
  const { files, put } = await odd({ fullAt: { byte: 150_000, way } });
  await expect(put()).rejects.toMatchObject({ code, category: 'transient', message: expect.stringContaining('full') });
  expect([...files.keys()]).toEqual([]);
});

/** Longer than an answer within this process takes on a busy machine. */
const patienceMs = 1500;
const stalled = { code: 'EXCHANGE_UNREACHABLE', category: 'transient', message: expect.stringContaining('in time') };

test.each(['OPEN', 'READ', 'WRITE', 'LSTAT', 'OPENDIR', 'RENAME'] as const)(
  'R-D3 a server that falls silent at %s is given up, and the next user gets a new connection (68)',
  async (request) => {
    const { files, using, unanswered } = await odd({ silent: [request] });
    const put = (exchange: FileExchange) => exchange.write('new.bin', '.new.tmp', contentOf(large), 'refuse');
    const read = (exchange: FileExchange) => readStart(exchange, 'a.bin', 10_000_000);
    const list = (exchange: FileExchange) => exchange.list('');
    const work = { OPEN: put, WRITE: put, RENAME: put, READ: read, LSTAT: read, OPENDIR: list }[request];
    files.set('/files/a.bin', large);
    for (const _connection of ['the first', 'the next']) {
      // Opened with all the time it needs: only the request itself shall stall.
      await using(async () => undefined);
      const before = unanswered.length;
      await expect(using<unknown>(work, patienceMs)).rejects.toMatchObject(stalled);
      expect(unanswered.length).toBeGreaterThan(before);
    }
  },
);

test('R-D3 a server that takes the login and then does not start SFTP is given up (68)', async () => {
  const { using, unanswered } = await odd({ silent: ['SFTP'] });
  await expect(using((exchange) => exchange.list(''), patienceMs)).rejects.toMatchObject(stalled);
  expect(unanswered).toEqual(['SFTP']);
});

test('R-D3 names that are paths are not listed, whatever a hostile server says (52)', async () => {
  const { using } = await odd({ listed: ['../../etc/passwd', '/etc/passwd', '..\\x', '..', '.', 'fine', 'a\u0000b'] });
  const entries = await using((exchange) => exchange.list(''));
  expect(entries?.map(({ name }) => name)).toEqual(['fine']);
});
