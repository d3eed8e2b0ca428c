import { once } from 'node:events';
import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { MillraceError } from '@millrace/contract';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { declaresTooMuch } from './body.ts';
import { serveDocs } from './docs.ts';
import { notFound } from './errors.ts';
import { type HeldBodies, holdBodies } from './held-bodies.ts';
import { hooksOf, serveHooks } from './hooks.ts';
import { countRequests, serveMetrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import type { Api } from './route.ts';
import { routes } from './routes.ts';
import { environments } from './schemas.ts';
import { securityHeaders } from './security-headers.ts';
import { sendError, serveRoute } from './serve-route.ts';
import { serveStudio } from './studio.ts';
import { keepCertificate, type TlsFiles } from './tls.ts';

export interface HttpServer {
  /**
   * Resolves with the port when it listens; the system chooses it where 0 is asked for.
   * @throws {MillraceError} `PORT_IN_USE`
   */
  listen(port: number, host: string): Promise<number>;
  /** Takes no more requests, ends streams and waits, lets the others finish (at most 10 s). */
  close(): Promise<void>;
}

export interface HttpOptions extends Api {
  /** Where the built studio lies. */
  readonly studioFolder: string;
  /** With these HTTPS is served. */
  readonly tls?: TlsFiles | undefined;
  /** Milliseconds between two looks whether they have changed. */
  readonly tlsLookMs?: number | undefined;
  /** Addresses and networks of the proxies whose word on the caller's address is believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Who shows it may read the metrics from another machine. */
  readonly metricsToken?: string | undefined;
  /** In place of the usual {@link limits}. */
  readonly limits?: Partial<typeof limits> | undefined;
}

/** Whoever sends headers or a body too slowly loses the connection. Milliseconds. */
const limits = {
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
};

const drainMs = 10_000;

/**
 * API, webhooks and studio on one port.
 * @throws {MillraceError} `TLS_UNUSABLE` where a certificate is named that cannot be served
 */
export function createHttpServer(options: HttpOptions): HttpServer {
  const draining = new AbortController();
  const app = createApp(options, draining.signal);
  const server = createListener({ ...limits, ...options.limits }, app, options, draining.signal);
  // A connection whose last answer ends while the server drains is not kept for another request.
  server.on('request', (_request, response) =>
    response.on('close', () => draining.signal.aborted && setImmediate(() => server.closeIdleConnections())),
  );
  // Whoever asks before sending is not told to go on with what will be refused.
  server.on('checkContinue', (request, response) => {
    if (!declaresTooMuch(request)) response.writeContinue();
    server.emit('request', request, response);
  });

  return {
    async listen(port, host) {
      server.listen(port, host);
      await once(server, 'listening').catch((error: unknown) => {
        throw portRefused(error, port, host);
      });
      return (server.address() as AddressInfo).port;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      draining.abort();
      const impatience = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(impatience);
    },
  };
}

function createListener(
  bounds: ServerOptions,
  app: Express,
  { tls, tlsLookMs, log }: HttpOptions,
  draining: AbortSignal,
): Server {
  if (!tls) return createServer(bounds, app);
  const certificate = keepCertificate(tls, log, tlsLookMs);
  const server = createTlsServer({ ...bounds, ...certificate.current, minVersion: 'TLSv1.2' }, app);
  certificate.onChange((next) => server.setSecureContext(next));
  draining.addEventListener('abort', () => certificate.stop());
  return server;
}

function portRefused(error: unknown, port: number, host: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  const message = `Port ${port} of ${host} is in use by another program; set PORT to another one.`;
  return new MillraceError('PORT_IN_USE', message, { pointer: '/port', cause: error });
}

function createApp(
  { studioFolder, trustedProxies = [], metricsToken, ...api }: HttpOptions,
  draining: AbortSignal,
): Express {
  const app = express();
  app.set('trust proxy', [...trustedProxies]);
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('case sensitive routing', true);
  app.use(securityHeaders);
  app.use(countRequests(api.metrics));
  app.get('/metrics', serveMetrics(api.metrics, metricsToken));
  const bodies = holdBodies();
  app.use('/api/v1', apiRouter(api, bodies, draining));
  for (const environment of environments)
    app.all(`${hooksOf(environment)}/:tenant/*path`, serveHooks(environment, api, bodies, draining));
  app.use(['/api', ...environments.map(hooksOf)], nothingHere);
  app.use(serveStudio(studioFolder));
  app.use(nothingHere);
  app.use(answerError(api));
  return app;
}

function apiRouter(api: Api, bodies: HeldBodies, draining: AbortSignal): express.Router {
  const router = express.Router({ caseSensitive: true });
  for (const route of routes) serveRoute(router, route, api, bodies, draining);
  serveDocs(router, openApi(routes, api.version));
  return router;
}

const nothingHere: express.RequestHandler = () => {
  throw notFound('This address');
};

/** Express knows an error handler by its four parameters. */
function answerError(api: Api): ErrorRequestHandler {
  return (thrown, _request, response, _next) => sendError(response, thrown, api);
}
