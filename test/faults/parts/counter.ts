import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What the beginning of an SFTP session takes, about. */
const overhead = 8_000;

/** Stands before an SFTP server and counts what goes up. */
export interface Counter {
  readonly port: number;
  /** Of an upload, from 0; at 1 it is never reached. */
  share: number;
  close(): Promise<void>;
}

export interface CounterOptions {
  /** Where the server listens, on the same address. */
  readonly target: number;
  readonly host?: string;
  /** Bytes of an upload. */
  readonly size: number;
  /** Told with everything that goes by once so much of an upload has. */
  readonly onReached: () => void;
}

/** Passes everything on, and tells when so much of an upload has gone by. */
export async function startCounter({ target, host = '127.0.0.1', size, onReached }: CounterOptions): Promise<Counter> {
  const counter = { share: 1 };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, host);
    open.add(client.on('close', () => open.delete(client)));
    let bytes = 0;
    client.on('data', (data) => {
      bytes += data.length;
      if (counter.share < 1 && bytes > overhead + counter.share * size) onReached();
    });
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  return Object.assign(counter, {
    port: (server.address() as { port: number }).port,
    async close() {
      server.close();
      // A watched folder is looked at over a connection that stays.
      for (const client of open) client.destroy();
      await once(server, 'close');
    },
  });
}
