import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** What has arrived once. */
export interface Arrival {
  readonly key: string;
  readonly order: string;
  /** SHA-256 of the body. */
  readonly hash: string;
}

/** The other system: it writes down whatever arrives before it answers, and knows nothing of Millrace. */
export interface Receiver {
  readonly url: string;
  /** From the log, in the order of their coming. */
  arrivals(): readonly Arrival[];
  close(): Promise<void>;
}

export interface ReceiverOptions {
  /** The log. */
  readonly file: string;
  /** Address to listen on. */
  readonly host?: string;
  /** Who does not show it (`Authorization: Bearer …`) is not let in. */
  readonly token?: string;
  /** Milliseconds until it answers. */
  readonly answerAfterMs: () => number;
  /** Told of each arrival, once it is on the disk. */
  readonly onArrival: (arrival: Arrival) => void;
}

export async function startReceiver({
  file,
  host = '127.0.0.1',
  token,
  ...options
}: ReceiverOptions): Promise<Receiver> {
  const log = openSync(file, 'a');
  const server = createServer((request, response) => void receive(request, response)).listen(0, host);
  await once(server, 'listening');

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) return answer(response, 401);
    // So a connection is tested.
    if (request.method !== 'POST') return answer(response, 200);
    const { order } = JSON.parse(body) as { order: string };
    const hash = createHash('sha256').update(body).digest('hex');
    const arrival = { key: String(request.headers['idempotency-key']), order, hash };
    writeSync(log, `${JSON.stringify(arrival)}\n`);
    fdatasyncSync(log);
    options.onArrival(arrival);
    await sleep(options.answerAfterMs());
    answer(response, 200);
  }

  function answer(response: ServerResponse, status: number): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }

  return {
    url: `http://${host}:${(server.address() as { port: number }).port}/orders`,
    arrivals: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Arrival),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
