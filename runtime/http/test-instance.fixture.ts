import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import {
  AnyJson,
  catalogueOf,
  defineConnection,
  defineNode,
  definePack,
  describeCatalogue,
  emit,
  type Json,
  readJson,
  Secret,
} from '@millrace/contract';
import core from '@millrace/pack-core';
import records from '@millrace/pack-records';
import { createDatabase } from '@millrace/testing';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { MailServer } from '../alerts/send-mail.ts';
import { openAuth } from '../auth/auth.ts';
import { loadConfig } from '../config/load.ts';
import { noteHealth } from '../connections/health.ts';
import { type Bus, createBus } from '../engine/bus.ts';
import { roles } from '../engine/engine.ts';
import { guardedNetwork } from '../engine/guarded-fetch.ts';
import type { Notice } from '../engine/neighbours.ts';
import { startEngine } from '../engine/start.ts';
import { startEvaluator } from '../evaluator/evaluator.ts';
import { openSuites } from '../flow-tests/suites.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics/prometheus.ts';
import { openPayloadStore } from '../payloads/store.ts';
import { openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { openNotices } from '../postgres/notices.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import type { MasterKeys } from '../secrets/envelope.ts';
import { onlyKey } from '../secrets/master-keys.ts';
import type { Api } from './route.ts';
import { routes } from './routes.ts';
import { createHttpServer } from './server.ts';

/** A connection type with a secret, whose other side says what it was shown. */
const vault = defineConnection({
  id: 'test/vault',
  title: 'Vault',
  summary: 'Stands for any system with a password.',
  config: Type.Object(
    {
      host: Type.String({ minLength: 1 }),
      port: Type.Optional(Type.Integer({ default: 22 })),
      pollSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
      password: Secret(Type.String({ minLength: 1 })),
    },
    { additionalProperties: false },
  ),
  fromText: (host) => ({ host, password: 'given' }),
  probe: async ({ host, password }) => ({ ok: password === 'right', message: `Asked ${host}.` }),
});

/** Its slot may be left unbound. */
const shelf = defineConnection({
  id: 'test/shelf',
  title: 'Shelf',
  summary: 'A connection that every tenant has.',
  config: Type.Object({ folder: Type.String() }, { additionalProperties: false }),
  fromText: (folder) => ({ folder }),
  defaultConfig: ({ home, tenant }) => ({ folder: `${home}/${tenant}` }),
  probe: async () => ({ ok: true, message: 'There.' }),
});

const take = defineNode({
  id: 'test/take',
  version: 1,
  title: 'Take',
  summary: 'Passes its input on; needs a shelf.',
  icon: 'box',
  connection: 'test/shelf',
  config: Type.Object({}, { additionalProperties: false }),
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'read',
  examples: [{ title: 'Passes on', config: {}, input: 1, expect: { port: 'out', data: 1 } }],
  run: (input) => emit('out', input),
});

const test = definePack({ id: 'test', title: 'Test', nodes: [take], triggers: [], connections: [vault, shelf] });

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  /** What the log has of it, where it failed inside. */
  readonly logged: readonly string[];
}

/** A whole instance over a database of its own: engine, evaluator and HTTP server, with two tenants. */
export async function startInstance(
  options: {
    demo?: boolean;
    studioFolder?: string;
    bus?: Bus;
    masterKeys?: MasterKeys;
    mailServer?: MailServer;
    shipped?: Api['shipped'];
  } = {},
) {
  const scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  const home = await mkdtemp(join(tmpdir(), 'millrace-http-'));
  const logged: string[] = [];
  const logStream = new Writable({
    write(line, _encoding, done) {
      logged.push(String(line));
      done();
    },
  });
  const log = createLog('debug', logStream);
  const database = openDatabase(scratch.url);
  const evaluator = startEvaluator({ processes: 1 });
  const catalogue = catalogueOf([core, records, test]);
  const masterKeys = options.masterKeys ?? onlyKey({ id: 'test', key: randomBytes(32) });
  const self = { id: randomUUID(), roles };
  const notices = openNotices<Notice>(scratch.url, self.id);
  const foundation = {
    database,
    leaseDatabase: database,
    evaluator,
    catalogue,
    types: describeCatalogue(catalogue),
    masterKeys,
    health: noteHealth(database, log),
    payloads: openPayloadStore({ database, place: 'database', limit: 256_000_000 }),
    bus: options.bus ?? createBus(),
    self,
    notices,
    metrics: createMetrics(database),
    log,
    home,
    leaseMs: 10_000,
    places: 64,
    network: guardedNetwork('loopback'),
  };
  const auth = await openAuth({
    url: scratch.url,
    database,
    masterKeys,
    network: foundation.network,
    mailServer: options.mailServer,
    publicUrl: 'http://127.0.0.1',
    log,
  });
  const engine = await startEngine(foundation);
  const suites = openSuites({ ...loadConfig({ MILLRACE_HOME: home }, home), databaseUrl: scratch.url });
  const { shipped = () => [], demo = false } = options;
  const api: Api = { ...foundation, engine, auth, suites, shipped, version: '0.0.0-test', demo };
  const studioFolder = options.studioFolder ?? join(home, 'no-studio');
  const server = createHttpServer({ ...api, studioFolder });
  const port = await server.listen(0, '127.0.0.1');
  const tenants = await database.asScanner(async (tx) => ({
    acme: await ensureTenant(tx, 'acme', 'Acme Shipping'),
    other: await ensureTenant(tx, 'other', 'Other'),
    demo: await ensureTenant(tx, 'demo', 'Demo'),
  }));
  const keys = {
    acme: await auth.keys.create(tenants.acme, { name: 'test', scope: { role: 'admin' } }),
    other: await auth.keys.create(tenants.other, { name: 'test', scope: { role: 'admin' } }),
  };
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    port,
    api,
    server,
    tenants,
    keys,
    logged,
    databaseUrl: scratch.url,
    /** A call as the tenant acme; `body` is sent as JSON, text as it is. */
    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
      const text = typeof body === 'string' ? body : body === undefined ? null : JSON.stringify(body);
      const response = await fetch(`${url}${path.startsWith('/hooks') ? '' : '/api/v1'}${path}`, {
        method,
        body: text,
        headers: { 'x-api-key': keys.acme, ...(text !== null && { 'content-type': 'application/json' }), ...headers },
      });
      const answer = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json');
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
      const content: any = isJson ? readJson(answer) : answer;
      const requestId: unknown = content?.error?.requestId;
      return {
        status: response.status,
        headers: response.headers,
        body: content,
        logged: requestId === undefined ? [] : logged.filter((line) => line.includes(String(requestId))),
      };
    },
    async stop() {
      await suites.close();
      await server.close();
      await engine.stop();
      await auth.close();
      await notices.close();
      await evaluator.close();
      await foundation.health.stop();
      await database.close();
      await rm(home, { recursive: true, force: true });
      await scratch.drop();
    },
  };
}

export type Instance = Awaited<ReturnType<typeof startInstance>>;

/** Webhook → validate; what is not an order is refused. */
export function orderFlow(id = 'orders', changes: { path?: string; config?: Record<string, Json> } = {}) {
  return {
    flow: {
      format: 1,
      id,
      name: 'Orders',
      nodes: {
        approved: {
          type: 'core/webhook',
          version: 1,
          title: 'Order approved',
          config: { path: changes.path ?? 'orders/approved', ...changes.config },
        },
        check: {
          type: 'core/validate',
          version: 1,
          title: 'Check',
          config: {
            schema: {
              type: 'object',
              required: ['id', 'qty'],
              properties: { id: { type: 'string' }, qty: { type: 'number', minimum: 1 } },
            },
          },
        },
      },
      edges: [{ from: 'approved', to: 'check' }],
    },
    layout: { nodes: { approved: { x: 0, y: 0 }, check: { x: 200, y: 0 } } },
    samples: { order: { id: 'A-1', qty: 2 } },
    tests: {},
    records: [],
  };
}

/** By hand → waits on channel `acks` for the input's id, as long as the answer says that all is well. */
export function waitingFlow(id = 'waiting') {
  return {
    flow: {
      format: 1,
      id,
      name: 'Waiting',
      nodes: {
        begin: { type: 'core/manual', version: 1, config: {} },
        ack: {
          type: 'core/wait-for-signal',
          version: 1,
          title: 'Wait for the answer',
          config: { channel: 'acks', key: '{% id %}', dueAfter: 'PT1H', check: '$ != "no"', refusal: 'It says no.' },
        },
      },
      edges: [{ from: 'begin', to: 'ack' }],
    },
    layout: { nodes: {} },
    samples: {},
    tests: {},
    records: [],
  };
}

/** Where what really came is not what the route declares: its status, its shape. */
export function misfits(method: string, path: string, { status, body }: Answer): unknown[] {
  const answers = routes.find((route) => route.method === method && route.path === path)?.answers;
  if (!answers?.[status]) return [`${method} ${path} does not declare ${status}`];
  const { schema } = answers[status];
  return schema ? Value.Errors(schema, body) : [];
}
