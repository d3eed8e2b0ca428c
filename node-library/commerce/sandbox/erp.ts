import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Json, type JsonObject, type Problem, readJson, writeJson } from '@millrace/contract';
import { Books } from './books.ts';
import { Faults } from './faults.ts';
import { Adjustment, ImportedOrder, problemsOf } from './requests.ts';
import { csvParts, jsonParts } from './snapshot.ts';
import { Webhooks } from './webhooks.ts';

/** What the ERP accepts as a login. */
export const login = { token: 'sandbox-erp-token', keyHeader: 'X-Api-Key', key: 'sandbox-erp-key' } as const;

/** How an order that comes again is answered: like the first time, or by 409. */
export type Repeats = 'same-answer' | 'conflict';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json | Iterable<string>;
}

const endpoints = ['/api/v1/orders/import', '/api/v1/inventory/adjust', '/api/v1/inventory/snapshot'] as const;

/**
 * An ERP on loopback, as the specification of the shop describes it: the three endpoints with their login, books in which
 * everything has its effect once, signed webhooks with the ERP's own ladder, and faults on demand.
 */
export class SandboxErp {
  readonly webhooks: Webhooks;
  readonly books: Books;
  readonly faults = new Faults();
  repeats: Repeats = 'same-answer';
  snapshot: 'json' | 'csv' = 'json';
  acceptsLogin = true;
  /** Endpoints that this ERP does not have. */
  readonly missing = new Set<string>();
  /** Requests that came, by path. */
  readonly requests = new Map<string, number>();
  #server: Server | undefined;
  #port = 0;

  private constructor(now: () => Date) {
    this.webhooks = new Webhooks(now);
    this.books = new Books(({ sku, quantity, reason }) =>
      this.webhooks.add('inventory.change', { sku, new_quantity: quantity, reason }),
    );
  }

  static async start({ now = () => new Date() }: { now?: () => Date } = {}): Promise<SandboxErp> {
    const erp = new SandboxErp(now);
    await erp.up();
    return erp;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Takes requests, at the same address as before. */
  async up(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses every connection. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.faults.next();
    try {
      if (fault?.act === 'slow') await pause(fault.ms);
      const answer = fault?.act === 'fail' ? failing(fault.status, fault.retryAfter) : await this.#answer(request);
      if (fault?.act === 'lose-answer') request.socket.destroy();
      else await send(response, answer);
    } catch {
      // The other side has gone; there is nobody to tell.
      response.destroy();
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { pathname: path } = new URL(request.url ?? '', this.url);
    this.requests.set(path, (this.requests.get(path) ?? 0) + 1);
    if (path === '/files/snapshot.csv') return this.#csv();
    if (!this.#knows(request)) return refusal(401, 'LOGIN', 'The login is not accepted.');
    if (!endpoints.some((one) => one === path) || this.missing.has(path))
      return refusal(404, 'NOT_FOUND', `There is no ${path}.`);
    return this.#at(path, request);
  }

  async #at(path: string, request: IncomingMessage): Promise<Answer> {
    if (request.method !== (path.endsWith('/snapshot') ? 'GET' : 'POST'))
      return refusal(405, 'METHOD', `${request.method} is not for ${path}.`);
    if (path.endsWith('/snapshot')) return this.#snapshot();
    const body = parsed(await text(request));
    return path.endsWith('/import') ? this.#import(body) : this.#adjust(body);
  }

  #knows({ headers }: IncomingMessage): boolean {
    const isLogin =
      headers.authorization === `Bearer ${login.token}` || headers[login.keyHeader.toLowerCase()] === login.key;
    return this.acceptsLogin && isLogin;
  }

  #import(body: Json | undefined): Answer {
    const problems = body === undefined ? [noJson] : problemsOf(ImportedOrder, body);
    if (problems.length > 0) return dataError(problems);
    const order = body as unknown as ImportedOrder;
    const unknown = unknownSkus(this.books, '/line_items', order.line_items);
    if (unknown.length > 0) return dataError(unknown);
    return this.#taken({ order_id: order.order_id }, this.books.import(order));
  }

  #adjust(body: Json | undefined): Answer {
    const problems = body === undefined ? [noJson] : problemsOf(Adjustment, body);
    if (problems.length > 0) return dataError(problems);
    const adjustment = body as unknown as Adjustment;
    const unknown = unknownSkus(this.books, '/adjustments', adjustment.adjustments);
    if (unknown.length > 0) return dataError(unknown);
    return this.#taken({ reference_id: adjustment.reference_id }, this.books.adjust(adjustment));
  }

  #taken(about: JsonObject, { known, erp_order_id }: { known: boolean; erp_order_id: string }): Answer {
    if (!known) return { status: 201, body: { ...about, erp_order_id } };
    if (this.repeats === 'same-answer') return { status: 200, body: { ...about, erp_order_id } };
    return { status: 409, body: { code: 'ALREADY_KNOWN', message: 'This was taken before.', ...about, erp_order_id } };
  }

  #snapshot(): Answer {
    if (this.snapshot === 'csv') return { status: 200, body: { url: `${this.url}/files/snapshot.csv` } };
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: jsonParts(this.books.snapshot()) };
  }

  #csv(): Answer {
    return { status: 200, headers: { 'Content-Type': 'text/csv' }, body: csvParts(this.books.snapshot()) };
  }
}

const noJson: Problem = { code: 'INVALID_JSON', pointer: '', message: 'The body is no JSON.' };

function parsed(body: string): Json | undefined {
  try {
    return readJson(body);
  } catch {
    return undefined;
  }
}

function unknownSkus(books: Books, pointer: string, lines: readonly { sku: string }[]): Problem[] {
  const unknown = new Set(books.unknown(lines.map(({ sku }) => sku)));
  return lines.flatMap(({ sku }, index) =>
    unknown.has(sku)
      ? [{ code: 'UNKNOWN_SKU', pointer: `${pointer}/${index}/sku`, message: `There is no SKU ${sku}.` }]
      : [],
  );
}

function dataError(problems: readonly Problem[]): Answer {
  const body = { code: 'DATA_ERROR', message: 'The data is not in order.', problems: problems as unknown as Json };
  return { status: 400, body };
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } };
}

function failing(status: number, retryAfter: number | undefined): Answer {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return { ...refusal(status, 'FAULT', 'The sandbox was told to fail.'), headers };
}

async function send(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  if (isParts(body)) {
    response.writeHead(status, headers);
    return pipeline(Readable.from(body), response);
  }
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(writeJson(body));
}

function isParts(body: Answer['body']): body is Iterable<string> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && Symbol.iterator in body;
}
