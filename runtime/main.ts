import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogueOf, describeCatalogue, type Pack } from '@millrace/contract';
import commerce from '@millrace/pack-commerce';
import core from '@millrace/pack-core';
import dropzone from '@millrace/pack-dropzone';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import files from '@millrace/pack-files';
import mail from '@millrace/pack-mail';
import objectStore from '@millrace/pack-object-store';
import records from '@millrace/pack-records';
import sql from '@millrace/pack-sql';
import { startEmbeddedPostgres } from '@millrace/postgres-server';
import { startAlerts } from './alerts/start-alerts.ts';
import { type Auth, openAuth } from './auth/auth.ts';
import { invitationLink } from './auth/invitations.ts';
import type { Config } from './config/settings.ts';
import { noteHealth } from './connections/health.ts';
import { startConnectionUpkeep } from './connections/upkeep.ts';
import { startDemo } from './demo/demo.ts';
import { createBus } from './engine/bus.ts';
import type { Engine, Foundation, Mock } from './engine/engine.ts';
import { guardedNetwork } from './engine/guarded-fetch.ts';
import { type Notice, watchNeighbours } from './engine/neighbours.ts';
import { startEngine } from './engine/start.ts';
import { startEvaluator } from './evaluator/evaluator.ts';
import { openSuites } from './flow-tests/suites.ts';
import { startHistory } from './history/start-history.ts';
import { createHttpServer } from './http/server.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type PrometheusMetrics } from './metrics/prometheus.ts';
import { openPayloadStore } from './payloads/store.ts';
import { openDatabase } from './postgres/database.ts';
import { migrate } from './postgres/migrate.ts';
import { openNotices } from './postgres/notices.ts';
import { openMasterKeys } from './secrets/open-keys.ts';
import { openShipped } from './templates/shipped.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const studioFolder = fileURLToPath(new URL('../studio/dist', import.meta.url));
const templateFolder = fileURLToPath(new URL('../flows', import.meta.url));
/** The templates that come with Millrace. */
export const shipped = openShipped(templateFolder, version);

/** The packs that an instance has. */
export const packs: readonly Pack[] = [core, records, objectStore, dropzone, mail, sql, files, commerce];

/** Everything that the engine stands on, opened. */
export interface Instance {
  readonly foundation: Foundation & { readonly metrics: PrometheusMetrics };
  /** Address of the database for a login that may change its schema. */
  readonly url: string;
  close(): Promise<void>;
}

export interface InstanceOptions {
  readonly config: Config;
  readonly log: Log;
  /** Tells people what takes a while; without it that is logged. */
  readonly tell?: (line: string) => void;
  /** In a simulation: answers in place of nodes. */
  readonly mock?: Mock;
}

/** Opens the database (the built-in one where none is configured), brings its schema up to date, and what goes with it. */
export async function openInstance({ config, log, tell, mock }: InstanceOptions): Promise<Instance> {
  const server = config.databaseUrl
    ? { url: config.databaseUrl, stop: async () => undefined }
    : await startEmbeddedPostgres({ home: config.home, log: tell ?? ((line) => log.info(line)) });
  await migrate(server.url);
  const catalogue = catalogueOf(packs);
  const silenceMs = config.leaseMs / 2;
  const database = openDatabase(server.url, { size: config.databaseConnections, silenceMs });
  const masterKeys = await openMasterKeys(database, config).catch(async (error: unknown) => {
    await database.close();
    await server.stop();
    throw error;
  });
  const health = noteHealth(database, log);
  const leaseDatabase = openDatabase(server.url, { size: 1, name: 'millrace leases', patienceMs: silenceMs });
  const self = { id: randomUUID(), roles: config.roles };
  const notices = openNotices<Notice>(server.url, self.id);
  const metrics = createMetrics(database);
  metrics.watchPool('work', database.use);
  metrics.watchPool('leases', leaseDatabase.use);
  const evaluator = startEvaluator({ processes: config.evaluators, timeoutMs: config.evaluationTimeoutMs, metrics });
  const bus = createBus((news) => notices.tell({ kind: 'news', news }));
  notices.onNotice((notice) => notice.kind === 'news' && bus.hear(notice.news));
  const neighbours = await watchNeighbours(database, notices, { ...self, version }, log);
  return {
    url: server.url,
    foundation: {
      database,
      leaseDatabase,
      evaluator,
      catalogue,
      types: describeCatalogue(catalogue),
      masterKeys,
      health,
      payloads: openPayloadStore({ database, place: config.payloads, limit: config.payloadLimit }),
      bus,
      metrics,
      self,
      notices,
      log,
      home: config.home,
      leaseMs: config.leaseMs,
      places: config.places,
      network: guardedNetwork(config.privateAddresses),
      ...(mock && { mock }),
    },
    async close() {
      await neighbours.stop();
      await notices.close();
      await evaluator.close();
      await health.stop();
      await leaseDatabase.close();
      await database.close();
      await server.stop();
    },
  };
}

export interface Millrace {
  /** Where the studio, the API and the webhooks are, in a process that serves them. */
  readonly url?: string;
  /** Lets present work come to rest and closes everything. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Set up the demo tenant with its sandbox ERP. */
  readonly demo: boolean;
  readonly out: NodeJS.WritableStream;
}

/** Starts this process with its roles: the engine's part, and where it has that role the API with the studio. */
export async function startMillrace(config: Config, options: StartOptions): Promise<Millrace> {
  const log = createLog(config.logLevel, process.stderr);
  const instance = await openInstance({ config, log, tell: (line) => options.out.write(`${line}\n`) });
  const engine = await startEngine(instance.foundation);
  const upkeep = startUpkeep(config, instance.foundation);
  const closeAll = async (): Promise<void> => {
    await Promise.all(upkeep.map((one) => one.stop()));
    await engine.stop();
    await instance.close();
  };
  const api = await serveApi(config, instance, engine, options).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  return {
    ...api,
    async stop() {
      await api.stop();
      await closeAll();
    },
  };
}

/** Address under which browsers reach the instance. */
export function publicUrlOf({
  publicUrl,
  tls,
  host,
  port,
}: Pick<Config, 'publicUrl' | 'tls' | 'host' | 'port'>): string {
  return publicUrl ?? `${tls ? 'https' : 'http'}://${host}:${port}`;
}

/** As long as nobody owns the instance, each start prints the link by which somebody may. */
async function askForOwner(auth: Auth, url: string, out: NodeJS.WritableStream): Promise<void> {
  const token = await auth.invitations.inviteOwner();
  if (token === undefined) return;
  out.write(`Nobody owns this instance yet. Whoever opens this link first does, within a day:\n`);
  out.write(`  ${invitationLink(url, token)}\n`);
}

/** What looks after the instance in the background; any number of processes may. */
function startUpkeep(
  { roles, history, mailServer }: Config,
  foundation: Foundation,
): readonly { stop(): Promise<void> }[] {
  if (!roles.includes('timer')) return [];
  return [
    startHistory(foundation, history),
    startAlerts({ ...foundation, mailServer }),
    startConnectionUpkeep(foundation),
  ];
}

async function serveApi(
  config: Config,
  { foundation, url: databaseUrl }: Instance,
  engine: Engine,
  { demo: withDemo, out }: StartOptions,
): Promise<Millrace> {
  if (!config.roles.includes('api')) {
    out.write(`Millrace works as ${config.roles.join(', ')}.\n`);
    return { stop: async () => undefined };
  }
  const { database, masterKeys, network, log } = foundation;
  const { tls, trustedProxies, metricsToken, mailServer } = config;
  const publicUrl = publicUrlOf(config);
  const auth = await openAuth({ url: databaseUrl, database, masterKeys, network, mailServer, publicUrl, log });
  const suites = openSuites({ ...config, databaseUrl });
  const api = {
    ...foundation,
    engine,
    auth,
    suites,
    shipped,
    version,
    demo: withDemo,
    publicUrl: config.publicUrl,
    studioFolder,
    tls,
    trustedProxies,
    metricsToken,
  };
  const http = createHttpServer(api);
  const port = await http.listen(config.port, config.host).catch(async (error: unknown) => {
    await auth.close();
    throw error;
  });
  const url = publicUrlOf({ ...config, port });
  await askForOwner(auth, url, out);
  const demo = withDemo && startDemo({ foundation, auth, url, out, startErp: startSandboxErp });
  return {
    url,
    async stop() {
      if (demo) await demo.stop();
      await suites.close();
      await http.close();
      await auth.close();
    },
  };
}
