import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenSsh, type OpenSshOptions, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contentOf, readStart } from '../content.ts';
import type { FileExchange } from '../file-exchange.ts';
import { withFileExchange } from '../open.ts';
import { sftpConfig, skipNote } from '../places.fixture.ts';

const { signal } = new AbortController();

async function start(options?: OpenSshOptions): Promise<OpenSsh> {
  const server = await startOpenSsh(options);
  onTestFinished(() => server.stop());
  return server;
}

/** Does the work on a connection that other users of the same server share. */
function using<T>(server: OpenSsh, work: (exchange: FileExchange) => Promise<T>): Promise<T> {
  return withFileExchange(sftpConfig(server), { signal }, work);
}

describe.skipIf(opensshMissing())(`an SFTP connection${skipNote(opensshMissing())}`, () => {
  test('R-D3 a lost connection is told to everything under way on it, and the next user gets a new one', async () => {
    const server = await start();
    const upload = (name: string) =>
      using(server, (exchange) => exchange.write(name, `${name}.tmp`, contentOf(Buffer.alloc(32_000_000)), 'replace'));
    await using(server, (exchange) => exchange.list(''));
    const uploads = Promise.allSettled(['a', 'b', 'c'].map(upload));
    await server.kill();
    const lost = { status: 'rejected', reason: { code: 'EXCHANGE_UNREACHABLE', category: 'transient' } };
    expect(await uploads).toMatchObject([lost, lost, lost]);
    await server.start();
    expect(await using(server, (exchange) => exchange.look('a'))).toBeUndefined();
  });

  test('a server that ends SFTP at once is told apart from one that cannot be reached', async () => {
    const server = await start({ sftpArguments: ['-X'] });
    await expect(using(server, (exchange) => exchange.list(''))).rejects.toMatchObject({
      code: 'NO_SFTP',
      category: 'auth',
    });
  });

  test('no more is read of a file than was asked for; an empty one has no bytes', async () => {
    const server = await start();
    await writeFile(join(server.root, 'ack.json'), 'abcd');
    await writeFile(join(server.root, 'empty.json'), '');
    const read = (name: string, limit: number) => using(server, (exchange) => readStart(exchange, name, limit));
    expect(await read('ack.json', 3)).toEqual({ bytes: Buffer.from('abc'), truncated: true });
    expect(await read('ack.json', 4)).toEqual({ bytes: Buffer.from('abcd'), truncated: false });
    expect(await read('empty.json', 4)).toEqual({ bytes: Buffer.alloc(0), truncated: false });
  });

  test('many operations at once on one connection raise no warning of too many listeners', async () => {
    const server = await start();
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    await using(server, (exchange) => Promise.all(Array.from({ length: 30 }, (_, n) => exchange.remove(`${n}.json`))));
    expect(warnings).toEqual([]);
  });
});
