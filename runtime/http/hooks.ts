import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Authentication, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { Request, RequestHandler, Response } from 'express';
import { blobsFor, findBlob } from '../payloads/blobs.ts';
import { hideNothing } from '../secrets/hide-known.ts';
import { type BodyKind, gathered, readPayload } from '../triggers/webhook/read-payload.ts';
import { replyTo, type WebhookReply } from '../triggers/webhook/reply.ts';
import { type Address, serveWebhooks, type Webhook } from '../triggers/webhook/served-webhooks.ts';
import { type Delivery, receive } from '../triggers/webhook.ts';
import { readBytes } from './body.ts';
import { badRequest } from './errors.ts';
import type { HeldBodies } from './held-bodies.ts';
import { isStorable } from './payload.ts';
import type { Api } from './route.ts';
import { contentHeaders, sendContent } from './send-content.ts';
import { sendError } from './serve-route.ts';

/** How long a sender waits for an answer where the trigger does not say. */
const usualPatienceSeconds = 10;

/** Address below which an environment's webhooks are, without the tenant. */
export function hooksOf(environment: string): string {
  return environment === 'production' ? '/hooks' : `/${environment}/hooks`;
}

/** `…/<tenant>/<path…>`: where other systems send to. `draining` ends every wait. */
export function serveHooks(environment: string, api: Api, bodies: HeldBodies, draining: AbortSignal): RequestHandler {
  const webhooks = serveWebhooks(api, environment);
  draining.addEventListener('abort', () => webhooks.close());
  return async (request, response) => {
    const held = bodies.open();
    let known: Webhook | undefined;
    try {
      // The same is done for every address before anything is told, so that nobody learns which there are.
      const body = await readBytes(request, held);
      const found = await webhooks.find(addressOf(request));
      const signedId = authenticated(found?.webhook, request, body, api);
      if (!found) throw unknownSender();
      known = found.webhook;
      const delivery = await deliveryOf(request, body, found, api);
      admit(known, request, delivery.payload, api);
      const received = await receive(known, { ...delivery, signedId }, api, patienceOf(known, draining));
      await sendReply(
        response,
        plainly(known, replyTo(received, known.config.answer === 'respond')),
        known.tenant,
        api,
      );
    } catch (thrown) {
      sendError(response, thrown, api, (reply) => plainly(known, reply));
    } finally {
      held.release();
    }
  };
}

/**
 * What flows answer is data of other systems: no browser may take it for a page of ours. It may look like something and ask
 * a question by a form, whose answer comes here again, without a cookie.
 */
const asData = {
  'cache-control': 'no-store',
  'content-security-policy':
    "sandbox allow-forms; default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
};

async function sendReply(response: Response, reply: WebhookReply, tenant: string, api: Api): Promise<void> {
  const { status, headers, text, file } = reply;
  const payload = file && (await findBlob(api.database, tenant, file));
  response.status(status).set({ ...(payload && contentHeaders(payload)), ...headers, ...asData });
  if (payload) void sendContent(response, payload, api);
  else response.end(text);
}

/** What is answered to data that is wrong, where it says more than 400. */
const dataErrors = new Set([413, 415, 422]);

/** A webhook may want 400 alone for them: its sender knows no other. Only a known sender learns which one does. */
function plainly<Reply extends { readonly status: number }>(webhook: Webhook | undefined, reply: Reply): Reply {
  return webhook?.config.dataErrors === 'bad-request' && dataErrors.has(reply.status)
    ? { ...reply, status: 400 }
    : reply;
}

function addressOf({ params, method }: Request): Address {
  const { tenant, path } = params as unknown as { tenant: string; path: string[] };
  return [tenant, ...path].every(isStorable) ? { slug: tenant, method, path } : { slug: '', method, path: [] };
}

/**
 * The event id that the sender's signature proves, if any.
 * @throws {MillraceError} `UNAUTHENTICATED`, which says the same of a wrong signature as of an address without a webhook
 */
function authenticated(webhook: Webhook | undefined, request: Request, body: Buffer, api: Api): string | undefined {
  if (!webhook) return workInVain(body);
  const { spec, config, connection } = webhook;
  const { method, originalUrl: url, headers } = request;
  const shown = spec.authenticate?.({ method, url, headers, body }, config, { connection, now: new Date() });
  return shown && accepted(shown, webhook, request, api);
}

/** @throws {MillraceError} `UNAUTHENTICATED`, and what data that does not tell is refused with */
function admit(webhook: Webhook, request: Request, payload: Json, api: Api): void {
  const shown = webhook.spec.admit?.(payload, webhook.config, { now: new Date() });
  if (shown) accepted(shown, webhook, request, api);
}

function accepted(shown: Authentication, webhook: Webhook, request: Request, { log }: Api): string | undefined {
  if (shown.ok) return shown.eventId;
  const { tenant, flowId, node } = webhook;
  log.warn({ tenant, flow: flowId, node, from: request.ip, reason: shown.reason }, 'a webhook was refused');
  throw unknownSender();
}

const vainKey = randomBytes(32);

/** What checking a signature takes, where there is none to check. */
function workInVain(body: Buffer): undefined {
  createHmac('sha256', vainKey).update(body).digest();
}

function unknownSender(): MillraceError {
  const message = 'There is no webhook at this address, or the request does not prove who sends it.';
  return new MillraceError('UNAUTHENTICATED', message, { category: 'auth' });
}

function patienceOf({ config }: Webhook, draining: AbortSignal): AbortSignal {
  const seconds = typeof config.respondSeconds === 'number' ? config.respondSeconds : usualPatienceSeconds;
  return AbortSignal.any([draining, AbortSignal.timeout(seconds * 1000)]);
}

async function deliveryOf(
  request: Request,
  body: Buffer,
  { webhook, params }: { readonly webhook: Webhook; readonly params: Record<string, string> },
  api: Api,
): Promise<Delivery> {
  const idempotencyKey = request.headers['idempotency-key'];
  if (Array.isArray(idempotencyKey) || (idempotencyKey !== undefined && !/^.{1,500}$/.test(idempotencyKey)))
    throw badRequest('The header “Idempotency-Key” must be one text of 1 to 500 characters.');
  const payload = await payloadOf(request, body, webhook, api);
  const { hide = hideNothing } = webhook.connection ?? {};
  return hide({ payload, idempotencyKey, meta: { ...metaOf(request), params } });
}

/** What is asked for without a body is told by the query. */
async function payloadOf(request: Request, bytes: Buffer, webhook: Webhook, { payloads }: Api): Promise<Json> {
  if (request.method === 'GET' || (request.method === 'DELETE' && bytes.length === 0))
    return gathered(queryOf(request));
  const accepts = (webhook.config.accepts ?? ['json']) as unknown as readonly BodyKind[];
  const name = /;\s*filename="([^"]*)"/i.exec(request.headers['content-disposition'] ?? '')?.[1];
  const sent = { contentType: request.headers['content-type'] ?? '', bytes, name };
  const blobs = blobsFor(payloads, { tenant: webhook.tenant });
  return readPayload(sent, accepts, { tenant: addressOf(request).slug, blobs });
}

/** What signs a link is nobody's business once it was checked. */
const linkSignature = 'millrace-signature';

/** Without what cannot be stored. */
function queryOf({ query }: Request): [string, Json][] {
  return Object.entries(query as Record<string, string | string[]>)
    .flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]))
    .filter(([name, value]) => name !== linkSignature && isStorable(name) && isStorable(value));
}

function metaOf(request: Request): JsonObject {
  const { method, path, ip = '' } = request;
  return {
    method,
    path,
    from: ip,
    query: gathered(queryOf(request)),
    headers: shownHeaders(request.headers),
    receivedAt: new Date().toISOString(),
  };
}

/** Credentials and signatures are nobody's business once they were checked. */
const secretHeader = /^(authorization|proxy-authorization|cookie|x-api-key)$|signature|token|secret|hmac/;

function shownHeaders(headers: IncomingHttpHeaders): JsonObject {
  const shown = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || secretHeader.test(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(shown);
}
