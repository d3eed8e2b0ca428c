import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { JsonObject } from '@millrace/contract';
import type { Request, RequestHandler } from 'express';
import { type Delivery, findWebhook, type Received, receive } from '../triggers/webhook.ts';
import { readBody } from './body.ts';
import { badRequest, notFound } from './errors.ts';
import { isStorable } from './payload.ts';
import type { Api, Reply } from './route.ts';
import { send, sendError } from './serve-route.ts';

/** How long a sender waits at most to hear whether its data was refused. */
const patienceMs = 10_000;

/** `/hooks/<tenant>/<path…>`: where other systems send to. `draining` ends every wait. */
export function serveHooks(api: Api, draining: AbortSignal): RequestHandler {
  return async (request, response) => {
    try {
      const webhook = await findWebhook(api.database, addressOf(request));
      if (!webhook) throw notFound('This webhook');
      const delivery = await deliveryOf(request);
      const patience = AbortSignal.any([draining, AbortSignal.timeout(patienceMs)]);
      send(response, replyTo(await receive(webhook, delivery, api, patience)));
    } catch (thrown) {
      sendError(response, thrown, api);
    }
  };
}

function addressOf(request: Request): { slug: string; method: string; path: string } {
  const { tenant, path } = request.params as unknown as { tenant: string; path: string[] };
  const address = { slug: tenant, method: request.method, path: path.join('/') };
  if (!isStorable(address.slug) || !isStorable(address.path)) throw notFound('This webhook');
  return address;
}

async function deliveryOf(request: Request): Promise<Delivery> {
  const idempotencyKey = request.headers['idempotency-key'];
  if (Array.isArray(idempotencyKey) || (idempotencyKey !== undefined && !/^.{1,500}$/.test(idempotencyKey)))
    throw badRequest('The header “Idempotency-Key” must be one text of 1 to 500 characters.');
  const payload = await readBody(request);
  return { payload, idempotencyKey, meta: metaOf(request) };
}

function metaOf(request: Request): JsonObject {
  const { method, path, query } = request;
  const storable = Object.entries(query as Record<string, string>).filter(([name, value]) =>
    isStorable(`${name}${value}`),
  );
  return {
    method,
    path,
    query: Object.fromEntries(storable),
    headers: shownHeaders(request),
    receivedAt: new Date().toISOString(),
  };
}

/** Credentials and signatures are nobody's business once they were checked. */
const secretHeader = /^(authorization|proxy-authorization|cookie|x-api-key)$|signature|token|secret|hmac/;

function shownHeaders({ headers }: { headers: IncomingHttpHeaders } & Pick<IncomingMessage, 'headers'>): JsonObject {
  const shown = Object.entries(headers).filter(([name, value]) => !secretHeader.test(name) && value !== undefined);
  return Object.fromEntries(shown.map(([name, value]) => [name, value as string | string[]]));
}

function replyTo({ run, duplicate, status, refusal }: Received): Reply {
  const headers = { location: `/api/v1/runs/${run}` };
  if (duplicate) return { status: 200, headers, body: { runId: run, duplicate: true } };
  if (refusal) return { status: 422, headers, body: { error: refusal, runId: run } };
  return { status: 202, headers, body: { runId: run, status } };
}
