import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noMetrics } from '../metrics/metrics.ts';
import { createMetrics, type PrometheusMetrics } from '../metrics/prometheus.ts';
import { countRequests, serveMetrics } from './metrics.ts';

const token = 'a-token-of-sixteen-or-more';
const away = { asScanner: () => Promise.reject(new Error('away')) };
const counted: string[] = [];

function createApp(metrics: PrometheusMetrics, shown?: string) {
  const app = express();
  app.use(countRequests({ ...noMetrics, request: (...told) => counted.push(told.slice(0, 3).join(' ')) }));
  app.get('/metrics', serveMetrics(metrics, shown));
  const router = express.Router();
  router.get('/runs/:id', (_request, response) => void response.status(204).end());
  router.get('/slow', () => undefined);
  app.use('/api/v1', router);
  return createServer(app);
}

const servers = [createApp(createMetrics(away as never), token), createApp(createMetrics(away as never))] as const;
let ports: readonly number[] = [];
beforeAll(async () => {
  for (const server of servers) server.listen(0, '127.0.0.1');
  await Promise.all(servers.map((server) => once(server, 'listening')));
  ports = servers.map((server) => (server.address() as AddressInfo).port);
});
afterAll(async () => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

/** Status of a GET; a server of its own name may be asked for. */
function get(path: string, headers: Record<string, string> = {}, port = ports[0], method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('metrics', () => {
  test('are for programs on this machine', async () => {
    expect(await get('/metrics')).toBe(200);
  });

  test.each([
    ['a proxy has passed on', { 'x-forwarded-for': '203.0.113.7' }],
    ['a proxy has passed on, said otherwise', { forwarded: 'for=203.0.113.7' }],
    ['asks for another name than this machine’s', { host: 'millrace.example.com' }],
    ['shows another token', { host: 'millrace.example.com', authorization: 'Bearer wrong' }],
    ['shows an empty token', { host: 'millrace.example.com', authorization: 'Bearer ' }],
  ])('are not for a request that %s', async (_who, headers) => {
    expect(await get('/metrics', headers)).toBe(401);
  });

  test('are for whoever shows the token, from wherever', async () => {
    expect(await get('/metrics', { host: 'millrace.example.com', authorization: `Bearer ${token}` })).toBe(200);
  });

  test('without a token in the settings no token opens them', async () => {
    const headers = { host: 'millrace.example.com', authorization: 'Bearer undefined' };
    expect(await get('/metrics', headers, ports[1])).toBe(401);
  });
});

describe('requests', () => {
  test('are counted by the pattern of their route, whatever was asked for', async () => {
    counted.length = 0;
    await get('/api/v1/runs/4711');
    await get('/nothing/4712');
    await get('/api/v1/runs/4713', {}, ports[0], 'PROPFIND');
    await expect.poll(() => counted).toEqual(['GET /api/v1/runs/:id 204', 'GET other 404', 'other other 404']);
  });

  test('that the sender gave up are counted too', async () => {
    counted.length = 0;
    const asked = request({ port: ports[0], host: '127.0.0.1', path: '/api/v1/slow' });
    asked.on('error', () => undefined);
    const received = once(servers[0], 'request');
    asked.end();
    await received;
    asked.destroy();
    await expect.poll(() => counted).toEqual(['GET /api/v1/slow aborted']);
  });
});
