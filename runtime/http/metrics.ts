import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import type { Metrics } from '../metrics/metrics.ts';
import type { PrometheusMetrics } from '../metrics/prometheus.ts';
import { isAddressedLocally, isFromThisMachine } from './same-origin.ts';

/**
 * `GET /metrics` for Prometheus: for programs on this machine, and for whoever shows the token. A request that a proxy on
 * this machine has passed on is not from this machine.
 */
export function serveMetrics(metrics: PrometheusMetrics, token: string | undefined): RequestHandler {
  return async (request, response) => {
    if (!isLocal(request) && !showsToken(request, token)) {
      response.status(401).set({ 'www-authenticate': 'Bearer', 'cache-control': 'no-store' }).end();
      return;
    }
    const text = await metrics.text();
    response.set({ 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text);
  };
}

function isLocal(request: IncomingMessage): boolean {
  const passedOn = Object.keys(request.headers).some((name) => /^(forwarded$|x-forwarded-|x-real-ip$|via$)/.test(name));
  return !passedOn && isFromThisMachine(request) && isAddressedLocally(request);
}

/** Digests are compared, so that neither length nor content of the token can be measured. */
function showsToken({ headers }: IncomingMessage, token: string | undefined): boolean {
  const shown = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || shown === undefined) return false;
  return timingSafeEqual(digest(shown), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** What is asked by another method is counted as one; their number must have a bound. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts every request when it has been answered, by the pattern of its route: addresses have no bound. */
export function countRequests(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    response.once('close', () => {
      const status = response.writableFinished ? String(response.statusCode) : 'aborted';
      const method = methods.has(request.method) ? request.method : 'other';
      metrics.request(method, patternOf(request), status, (performance.now() - began) / 1000);
    });
    next();
  };
}

function patternOf({ baseUrl, route }: Request): string {
  const path: unknown = (route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? `${baseUrl}${path}` : 'other';
}
