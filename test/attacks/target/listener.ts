import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server of this machine that nobody should call, or that lures. */
export interface Listener {
  readonly port: number;
  /** What it was asked, in order. */
  readonly requests: readonly Pick<IncomingMessage, 'method' | 'url' | 'headers'>[];
  /** Connections that were opened, whatever was sent over them. */
  readonly connections: number;
  close(): Promise<void>;
}

const answerNothing: RequestListener = (_request, response) => void response.writeHead(204).end();

/** @param at address and port; any port of loopback unless given */
export async function listen(
  answer: RequestListener = answerNothing,
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number } = {},
): Promise<Listener> {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.on('connection', () => connections++);
  await once(server.listen(port, host), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
