import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands before PostgreSQL, and can fall silent: connections stay open, and what is sent on them arrives nowhere. */
export interface Relay {
  /** The database's, by way of the relay. */
  readonly url: string;
  /** Connections that were open before this stay silent for good; later ones are as they should be. */
  fallSilent(): void;
  close(): void;
}

export async function startRelay(databaseUrl: string): Promise<Relay> {
  const url = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    const pair = [client, connect(Number(url.port), url.hostname)] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, pair.toReversed()] as [Socket, Socket][])
      from
        .on('error', () => undefined)
        .on('close', () => to.destroy())
        .pipe(to);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: Object.assign(new URL(databaseUrl), {
      hostname: '127.0.0.1',
      port: String((server.address() as { port: number }).port),
    }).href,
    fallSilent() {
      for (const socket of [...pairs].flat()) socket.unpipe().resume();
    },
    close() {
      for (const socket of [...pairs].flat()) socket.destroy();
      server.close();
    },
  };
}
