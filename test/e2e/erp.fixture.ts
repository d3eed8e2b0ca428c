import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Studio } from '../browser/studio.fixture.ts';

/** A system that takes orders under `/orders`, and knows nothing else. */
export async function startErp() {
  const taken: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.url !== '/orders/new') return void response.writeHead(404).end('{"message":"no such place"}');
    taken.push(Buffer.concat(chunks).toString());
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    taken: taken as readonly string[],
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
}

/** By hand → posted to the connection “erp”. */
export const postingFlow = {
  flow: {
    format: 1,
    id: 'post-orders',
    name: 'Post orders',
    connections: { erp: { type: 'core/http' } },
    nodes: {
      begin: { type: 'core/manual', version: 1, title: 'Order', config: {} },
      post: {
        type: 'core/http-request',
        version: 1,
        title: 'Post to the ERP',
        connection: 'erp',
        config: { method: 'POST', url: '/new', body: '{% $ %}' },
      },
    },
    edges: [{ from: 'begin', to: 'post' }],
  },
  layout: { nodes: { begin: { x: 0, y: 0 }, post: { x: 360, y: 0 } } },
  samples: {},
  tests: {},
  records: [],
};

/** Deploys the flow with a connection to this address; answers the connection's id. */
export async function deployPosting(studio: Studio, baseUrl: string): Promise<string> {
  const connection = { name: 'erp', type: 'core/http', config: { baseUrl, auth: 'none' } };
  const { id } = (await studio.call('POST', '/connections', connection)) as { id: string };
  await studio.call('POST', '/flows', postingFlow);
  await studio.call('POST', '/flows/post-orders/deploy', { connections: { erp: id } });
  return id;
}

export function order(n: number): { payload: unknown } {
  return { payload: { number: `PO-${n}`, lines: [{ sku: 'A-1', qty: n }] } };
}
