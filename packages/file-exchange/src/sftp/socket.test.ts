import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { MillraceError } from '@millrace/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withFileExchange } from '../open.ts';
import { startOddServer } from './odd-server.fixture.ts';

/** Refuses loopback, as an instance does that allows no private addresses. */
function noLoopback(address: string): void {
  if (/^(127\.|::1$|::ffff:(127\.|7f))/.test(address))
    throw new MillraceError('ADDRESS_REFUSED', 'No private addresses.');
}

const { signal } = new AbortController();
const hostKey = 'SHA256:uNiVztksCsDhcc0u9e8BrJwmXWFlfzQLlmbxGjXkiyk';
const listener = createServer((socket) => {
  callers++;
  socket.destroy();
});
let callers = 0;
let port: number;

beforeAll(async () => {
  await once(listener.listen(0), 'listening');
  port = (listener.address() as AddressInfo).port;
});
afterAll(() => void listener.close());

test.each(['127.0.0.1', 'localhost', '127.1', '2130706433', '0x7f000001', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
  'the host %s is refused by its address before anybody is called (76)',
  async (host) => {
    const config = { kind: 'sftp', host, port, username: 'u', password: 'p', hostKey, path: '/' } as const;
    const listing = withFileExchange(config, { signal, guard: noLoopback }, (exchange) => exchange.list(''));
    await expect(listing).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(callers).toBe(0);
  },
);

test('a connection that somebody else opened is refused to whom its address is forbidden (76)', async () => {
  const server = await startOddServer({});
  const list = (access: { guard?: typeof noLoopback }) =>
    withFileExchange(server.config, { signal, ...access }, (exchange) => exchange.list(''));
  expect(await list({})).toEqual([]);
  await expect(list({ guard: noLoopback })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  expect(await list({})).toEqual([]);
  await server.stop();
});

test('the guard is asked about the address that is connected to', async () => {
  const server = await startOddServer({});
  const asked: string[] = [];
  const guard = (address: string) => void asked.push(address);
  await withFileExchange({ ...server.config, host: 'localhost' }, { signal, guard }, (exchange) => exchange.list(''));
  expect(asked).toContain('127.0.0.1');
  expect(asked).not.toContain('localhost');
  await server.stop();
});
