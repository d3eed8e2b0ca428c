import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FlowBundle } from '@millrace/flow';
import type { Studio } from '../../browser/studio.fixture.ts';

/** A system that takes orders at `/orders/new`, and knows nothing else. */
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

export interface Posting {
  readonly id: string;
  readonly name: string;
  /** Where the order is posted to, below the address of the connection “erp”. */
  readonly url?: string;
}

/** By hand → posted to the ERP. */
export function postingFlow({ id, name, url = '/new' }: Posting): FlowBundle {
  const post = { type: 'core/http-request', version: 1, title: 'Post to the ERP', connection: 'erp' };
  return {
    flow: {
      format: 1,
      id,
      name,
      connections: { erp: { type: 'core/http' } },
      nodes: {
        begin: { type: 'core/manual', version: 1, title: 'Order', config: {} },
        post: { ...post, config: { method: 'POST', url, body: '{% $ %}' } },
      },
      edges: [{ from: 'begin', to: 'post' }],
    },
    layout: { nodes: { begin: { x: 0, y: 0 }, post: { x: 360, y: 0 } } },
    samples: {},
    tests: {},
    records: [],
  };
}

/** Deploys the flow with a connection of its own to this address; answers the connection's id. */
export async function deployPosting(studio: Studio, flow: Posting, baseUrl: string): Promise<string> {
  const connection = { name: flow.name, type: 'core/http', config: { baseUrl, auth: 'none' } };
  const { id } = (await studio.call('POST', '/connections', connection)) as { id: string };
  await studio.call('POST', '/flows', postingFlow(flow));
  await studio.call('POST', `/flows/${flow.id}/deploy`, { connections: { erp: id } });
  return id;
}

export function order(n: number): { payload: unknown } {
  return { payload: { number: `PO-${n}`, lines: [{ sku: 'A-1', qty: n }] } };
}
