import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { GatheringSocket } from './gathering-socket.ts';

/** Counts what goes to the system. */
class CountedSocket extends GatheringSocket {
  sent = 0;

  override _write(...written: Parameters<GatheringSocket['_write']>): void {
    this.sent++;
    super._write(...written);
  }

  override _writev(...written: Parameters<NonNullable<GatheringSocket['_writev']>>): void {
    this.sent++;
    super._writev?.(...written);
  }
}

test('what is written in one go is sent in one go, in its order', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const socket = new CountedSocket();
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[peer]] = await Promise.all([once(server, 'connection'), once(socket, 'connect')]);
  const received = text(peer);

  socket.write('a');
  socket.cork();
  socket.write('b');
  socket.uncork();
  await Promise.resolve();
  socket.write('c');
  await new Promise(setImmediate);
  expect(socket.sent).toBe(1);

  socket.write('d');
  await new Promise(setImmediate);
  expect(socket.sent).toBe(2);
  socket.end('e');
  expect(await received).toBe('abcde');
});
