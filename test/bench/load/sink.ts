import { createServer, type Server } from 'node:http';
import { Agent, request } from 'undici';
import { idMark, type Target } from './protocol.ts';

const connections = 256;
const mostTries = 400;

/**
 * The receiver: answers 200 at once. A document with `X-Correlation-Id` is then acknowledged, again and again until the
 * sender's system takes the ack, since it may not be waiting yet.
 */
export function startSink(port: number, ack: Target['ack']): Server {
  const agent = new Agent({ connections, pipelining: 1 });
  const server = createServer((incoming, answer) => {
    const correlation = incoming.headers['x-correlation-id'];
    incoming.resume().on('end', () => {
      answer.setHeader('content-type', 'application/json').end('{"ok":true}');
      if (ack && typeof correlation === 'string') void acknowledge(ack, correlation, agent);
    });
  });
  return server.listen(port, '127.0.0.1');
}

async function acknowledge(
  { url, headers, body }: NonNullable<Target['ack']>,
  id: string,
  dispatcher: Agent,
): Promise<void> {
  const message = { method: 'POST' as const, headers, body: body.replaceAll(idMark, id), dispatcher };
  for (let tries = 0; tries < mostTries; tries++) {
    const status = await request(url, message).then(
      async (answer) => {
        await answer.body.dump();
        return answer.statusCode;
      },
      () => undefined,
    );
    if (status !== undefined && status < 300) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(5 * 2 ** Math.min(tries, 5), 100)));
  }
}
