import { once } from 'node:events';
import { createServer } from 'node:net';

/** A TCP port on which nobody listens. @param host an address of this machine */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
