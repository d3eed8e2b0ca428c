import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxBodyBytes } from './body.ts';
import { type Instance, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await instance.call('POST', '/flows', orderFlow());
  await instance.call('POST', '/flows/orders/deploy', {});
});
afterAll(() => instance?.stop());

const tooLarge = { status: 413, body: { error: { code: 'PAYLOAD_TOO_LARGE' } } };

describe.each(['/hooks/acme/orders/approved', '/hooks/acme/nowhere', '/api/v1/flows'])('too large for %s', (path) => {
  test('a body is refused by the length that it is said to have, before any of it is sent', async () => {
    const sending = begin(path, { 'content-length': '5000000000' });
    sending.flushHeaders();
    expect(await answerOf(sending)).toMatchObject(tooLarge);
    sending.destroy();
  });

  test('a sender who asks first is not told to send', async () => {
    const sending = begin(path, { 'content-length': '5000000000', expect: '100-continue' });
    let isToldToSend = false;
    sending.on('continue', () => (isToldToSend = true)).flushHeaders();
    expect(await answerOf(sending)).toMatchObject(tooLarge);
    expect(isToldToSend).toBe(false);
    sending.destroy();
  });

  test('a body without a length is refused when it has become too large', async () => {
    const sending = begin(path, { 'transfer-encoding': 'chunked' });
    for (let sent = 0; sent <= maxBodyBytes; sent += 1024 * 1024) sending.write(Buffer.alloc(1024 * 1024, ' '));
    expect(await answerOf(sending)).toMatchObject(tooLarge);
    sending.destroy();
  });
});

test('whoever sends on nevertheless is heard to the end, and has the answer', async () => {
  const socket = connect(instance.port, '127.0.0.1');
  const length = maxBodyBytes + 1;
  socket.write(`POST /hooks/acme/x HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
  const [head] = await once(socket, 'data');
  expect(String(head)).toMatch(/^HTTP\/1\.1 413 /);
  socket.resume().write(Buffer.alloc(length));
  await once(socket, 'end');
  socket.destroy();
});

test('a sender who asks first and whose body is not too large is told to send', async () => {
  const body = JSON.stringify({ id: 'A-1', qty: 1 });
  const length = String(body.length);
  const sending = begin('/hooks/acme/orders/approved', { 'content-length': length, expect: '100-continue' });
  sending.flushHeaders();
  await once(sending, 'continue');
  sending.end(body);
  expect(await answerOf(sending)).toMatchObject({ status: 202, body: { status: 'succeeded' } });
});

function begin(path: string, headers: Record<string, string>): ClientRequest {
  const all = { 'content-type': 'application/json', 'x-api-key': instance.keys.acme, ...headers };
  return request({ port: instance.port, path, method: 'POST', headers: all });
}

/** The whole answer, whatever is still to be sent. */
async function answerOf(sending: ClientRequest): Promise<{ status: number | undefined; body: unknown }> {
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) };
}
