import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Connection, NodeContext } from '@millrace/contract';
import { openNetwork, runNode } from '@millrace/testing/run-node';
import { onTestFinished } from 'vitest';
import type { HttpConnection } from '../http-connection/config.ts';
import type { HttpRequestConfig } from './config.ts';
import httpRequest from './node.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Context = NodeContext<HttpConnection | undefined>;
export type Answer = (response: ServerResponse, request: Received) => void;

/** What a node gets whose slot is left free. */
export const noConnection: Connection<undefined> = { id: '', name: '', config: undefined, network: openNetwork };

/** A real server until the test ends; `call` runs the node against it. */
export async function setup(answer: Answer) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { method, url, headers } = request;
    const taken = { method, url, headers, body };
    received.push(taken);
    answer(response, taken);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = (config: Partial<HttpRequestConfig> = {}, overrides: Partial<Context> = {}) =>
    runNode(httpRequest, null, { url: `${base}/api`, ...config }, { fetch, connection: noConnection, ...overrides });
  return { base, received, call };
}

/** Answers with this, whatever comes. */
export const json =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(body);

/** Where a server has been and nobody listens any more. */
export async function addressOfNobody(): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}
