import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bucket } from './bucket.ts';
import { answerOf, refused, type S3Answer, type S3Request } from './operations.ts';
import { type Credentials, refusalOf, type WireRequest } from './sigv4.ts';

/** A fault that strikes requests instead of an answer. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

export interface S3Server {
  /** Address of the service, without the bucket. */
  readonly endpoint: string;
  readonly bucketName: string;
  readonly bucket: Bucket;
  /** Requests so far, faults included: `PUT /bucket/key`. */
  readonly requests: readonly string[];
  /** Accepts no connection and cuts those that are open, as a server that died would. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Answers the next requests with a fault. */
  fail(fault: Fault, times: number): void;
  /** Cuts the connection once this much of a next upload's body has come. */
  cutAfter(bytes: number): void;
  /** Begins an answer of the next download and cuts the connection in the middle of it. */
  cutAnswer(): void;
  /** The credentials that are accepted from now on. */
  setCredentials(credentials: Credentials): void;
  /** How far the server's clock is ahead, in milliseconds. */
  setSkew(ms: number): void;
  close(): Promise<void>;
}

/** A server on loopback that speaks S3 (path style), checks every signature, keeps one bucket and fails on demand. */
export async function startS3Server(options: { bucketName: string; credentials: Credentials }): Promise<S3Server> {
  const { bucketName } = options;
  const bucket = new Bucket();
  const requests: string[] = [];
  const faults: Fault[] = [];
  const state = { credentials: options.credentials, skew: 0, cutAfter: Number.POSITIVE_INFINITY, cutAnswer: false };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests.push(`${request.method} ${request.url}`);
    const body = await bodyOf(request, request.method === 'PUT' ? state.cutAfter : Number.POSITIVE_INFINITY);
    if (body) return send(response, answer(wireRequest(request, body)));
    state.cutAfter = Number.POSITIVE_INFINITY;
  }

  function answer(wire: WireRequest): S3Answer {
    const fault = faults.shift();
    if (fault) return refused(fault.status, fault.code, retryHeader(fault));
    const now = new Date(Date.now() + state.skew);
    const refusal = refusalOf(wire, state.credentials, now);
    if (refusal) return refused(refusal.status, refusal.code);
    const request = apart(wire, bucketName);
    return request ? answerOf(request, bucket, now) : refused(404, 'NoSuchBucket');
  }

  function send(response: ServerResponse, { status, headers = {}, body }: S3Answer): void {
    const date = new Date(Date.now() + state.skew).toUTCString();
    response.writeHead(status, { ...headers, date });
    if (!state.cutAnswer || !body) return void response.end(body);
    state.cutAnswer = false;
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const down = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucketName,
    bucket,
    requests,
    down,
    up: async () => {
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    fail: (fault, times) => void faults.push(...Array.from({ length: times }, () => fault)),
    cutAfter: (bytes) => void Object.assign(state, { cutAfter: bytes }),
    cutAnswer: () => void Object.assign(state, { cutAnswer: true }),
    setCredentials: (credentials) => void Object.assign(state, { credentials }),
    setSkew: (skew) => void Object.assign(state, { skew }),
    close: down,
  };
}

/** The whole body; nothing where its connection has been cut. Destroying the request alone leaves the connection open. */
async function bodyOf(request: IncomingMessage, cutAfter: number): Promise<Buffer | undefined> {
  const { socket } = request;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= cutAfter) continue;
    socket.destroy();
    return undefined;
  }
  return Buffer.concat(chunks);
}

function wireRequest({ method = '', url = '', headers }: IncomingMessage, body: Buffer): WireRequest {
  const plain = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return { method, target: url, headers: Object.fromEntries(plain), body };
}

function apart(wire: WireRequest, bucketName: string): S3Request | undefined {
  const [path = '', query = ''] = wire.target.split('?', 2);
  const [, bucket, ...key] = path.split('/').map(decodeURIComponent);
  return bucket === bucketName ? { ...wire, key: key.join('/'), query: new URLSearchParams(query) } : undefined;
}

function retryHeader({ retryAfter }: Fault): Record<string, string> {
  return retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
}
