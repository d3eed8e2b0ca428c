/** What the engine's tests share: a real engine on a real database, over nodes that the test defines. Tests only. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AnyJson,
  catalogueOf,
  defineTrigger,
  describeCatalogue,
  type Json,
  type JsonObject,
  type NodeSpec,
} from '@millrace/contract';
import { complete, type FlowDocument, type RecordType } from '@millrace/flow';
import { createDatabase } from '@millrace/testing';
import Type from 'typebox';
import { startEvaluator } from '../evaluator/evaluator.ts';
import { type ObservedRun, observeRun } from '../flow-tests/observe.ts';
import { versionOf } from '../flows/version.ts';
import { createLog } from '../log.ts';
import { noMetrics } from '../metrics/metrics.ts';
import { openPayloadStore } from '../payloads/store.ts';
import { openDatabase } from '../postgres/database.ts';
import { saveRecordTypes } from '../postgres/flows/deployments.ts';
import { saveVersion } from '../postgres/flows/versions.ts';
import { migrate } from '../postgres/migrate.ts';
import { openNotices } from '../postgres/notices.ts';
import type { NewSignal, StoredSignal } from '../postgres/signals/store-signals.ts';
import { type SimulatedClock, simulateClock } from '../postgres/simulated-clock.ts';
import { ensureTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import { createBus } from './bus.ts';
import { type Engine, type Foundation, roles } from './engine.ts';
import { guardedNetwork } from './guarded-fetch.ts';
import type { Notice } from './neighbours.ts';
import { startEngine } from './start.ts';

const startTrigger = defineTrigger({
  id: 'test/start',
  version: 1,
  title: 'Start',
  summary: 'Starts a test.',
  icon: 'player-play',
  config: Type.Object({}),
  outputs: { out: AnyJson },
  activation: () => ({ kind: 'manual' }),
  examples: [],
});

export interface EngineFixture {
  readonly foundation: Foundation;
  readonly engine: Engine;
  readonly clock: SimulatedClock;
  readonly tenant: Tenant;
  /** The database, for a login that owns it. */
  readonly url: string;
  /** Starts a run of a flow that begins at node `start`; answers its id. */
  start(flow: Pick<FlowDocument, 'nodes' | 'edges'> & { onError?: string }, payload?: JsonObject): Promise<string>;
  observe(run: string): Promise<ObservedRun>;
  /** The run once nothing is left to do. */
  endOf(run: string): Promise<ObservedRun>;
  /** A signal for `waiting`; of two on a key the payload tells whether they are the same. */
  signalFor(key: string, payload?: Json): NewSignal & { readonly key: string };
  signal(key: string, payload?: Json): Promise<StoredSignal>;
  /** Another process over the same database. */
  another(): Promise<Engine>;
  stop(): Promise<void>;
}

export interface FixtureOptions {
  // biome-ignore lint/suspicious/noExplicitAny: a list holds specs of different config types, which are contravariant
  readonly nodes: readonly NodeSpec<any, any>[];
  readonly recordTypes?: readonly RecordType[];
  readonly leaseMs?: number;
  /** Another way by which the engine reaches the database at this address; not its leases. */
  readonly by?: (url: string) => Promise<string>;
}

const environment = 'production';

export async function startFixture({
  nodes,
  recordTypes = [],
  leaseMs = 10_000,
  by = async (url) => url,
}: FixtureOptions): Promise<EngineFixture> {
  const scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  const clock = await simulateClock(scratch.url);
  const home = mkdtempSync(join(tmpdir(), 'millrace-engine-'));
  const catalogue = catalogueOf([{ id: 'test', title: 'Test', nodes, triggers: [startTrigger], connections: [] }]);
  const database = openDatabase(await by(scratch.url));
  const log = createLog('error', process.stderr);
  const evaluator = startEvaluator({ processes: 1 });
  const leaseDatabase = openDatabase(scratch.url, { size: 1 });
  const common = {
    database,
    leaseDatabase,
    evaluator,
    catalogue,
    types: describeCatalogue(catalogue),
    payloads: openPayloadStore({ database, place: 'database', limit: 256_000_000 }),
    masterKey: { id: 'test', key: randomBytes(32) },
    metrics: noMetrics,
    log,
    home,
    leaseMs,
    places: 64,
    network: guardedNetwork('loopback'),
  } as const;
  const openFoundation = async (): Promise<Foundation> => {
    const self = { id: randomUUID(), roles };
    const notices = openNotices<Notice>(scratch.url, self.id);
    closing.push(() => notices.close());
    return { ...common, self, notices, bus: createBus() };
  };
  const closing: (() => Promise<void>)[] = [];
  const foundation = await openFoundation();
  const tenant = await database.asScanner((tx) => ensureTenant(tx, 'acme', 'Acme'));
  await database.asTenants([tenant.id], (tx) => saveRecordTypes(tx, { tenant: tenant.id, environment }, recordTypes));
  const engine = await startEngine(foundation);
  const engines = [engine];
  const observe = (run: string) => database.asTenants([tenant.id], (tx) => observeRun(tx, run));
  const signalFor = (key: string, payload: Json = 'yes') => {
    const fingerprint = JSON.stringify(payload);
    return { tenant: tenant.id, environment, channel: 'test', key, payload, source: 'test', fingerprint };
  };

  return {
    foundation,
    engine,
    clock,
    tenant,
    url: scratch.url,
    async start({ nodes, edges, ...rest }, payload = {}) {
      const start = { type: startTrigger.id, version: 1, config: {} };
      const document: FlowDocument = {
        format: 1,
        id: 'test',
        name: 'Test',
        nodes: { start, ...nodes },
        edges,
        ...rest,
      };
      const version = versionOf({ flow: document });
      await database.asTenants([tenant.id], (tx) =>
        saveVersion(tx, { tenant: tenant.id, hash: version, bundle: complete({ flow: document }) }),
      );
      const flow = { flowId: 'test', version, parameters: {}, connections: {}, node: 'start' };
      const accepted = await engine.accept({
        tenant: tenant.id,
        environment,
        ...flow,
        payload,
        meta: {},
        source: 'test',
      });
      return accepted.run;
    },
    observe,
    async endOf(run) {
      await engine.settle();
      return observe(run);
    },
    signalFor,
    signal: (key, payload) => engine.signal(signalFor(key, payload)),
    async another() {
      const other = await startEngine(await openFoundation());
      engines.push(other);
      return other;
    },
    async stop() {
      for (const one of engines) await one.stop();
      for (const close of closing) await close();
      await evaluator.close();
      await leaseDatabase.close();
      await database.close();
      await clock.close();
      await scratch.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
