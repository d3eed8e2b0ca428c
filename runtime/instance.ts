import { randomUUID } from 'node:crypto';
import { catalogueOf, describeCatalogue } from '@millrace/contract';
import type { Config } from './config/settings.ts';
import { noteHealth } from './connections/health.ts';
import { createBus } from './engine/bus.ts';
import type { Foundation, Mock } from './engine/engine.ts';
import { guardedNetwork } from './engine/guarded-fetch.ts';
import { type Notice, watchNeighbours } from './engine/neighbours.ts';
import { startEvaluator } from './evaluator/evaluator.ts';
import { openInstanceDatabase } from './instance-database.ts';
import type { Log } from './log.ts';
import { createMetrics, type PrometheusMetrics } from './metrics/prometheus.ts';
import { packs } from './packs.ts';
import { openPayloadStore } from './payloads/store.ts';
import { openDatabase } from './postgres/database.ts';
import { openNotices } from './postgres/notices.ts';
import { openMasterKeys } from './secrets/open-keys.ts';
import { version } from './version.ts';

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
  /** No engine will stand on it: what holds no runs may fall silent inside a transaction, on a machine that is busy. */
  readonly withoutEngine?: boolean;
  /** In a simulation: answers in place of nodes. */
  readonly mock?: Mock;
}

/** Opens the database of an instance, and all else that the engine stands on. */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const { config, log, tell = (line) => log.info(line), withoutEngine = false, mock } = options;
  const silenceMs = withoutEngine ? undefined : config.leaseMs / 2;
  const { url, database, close } = await openInstanceDatabase(config, tell, silenceMs);
  const catalogue = catalogueOf(packs);
  const masterKeys = await openMasterKeys(database, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const health = noteHealth(database, log);
  const leaseDatabase = openDatabase(url, { size: 1, name: 'millrace leases', patienceMs: config.leaseMs / 2 });
  const self = { id: randomUUID(), roles: config.roles };
  const notices = openNotices<Notice>(url, self.id);
  const metrics = createMetrics(database);
  metrics.watchPool('work', database.use);
  metrics.watchPool('leases', leaseDatabase.use);
  const evaluator = startEvaluator({ processes: config.evaluators, timeoutMs: config.evaluationTimeoutMs, metrics });
  const bus = createBus((news) => notices.tell({ kind: 'news', news }));
  notices.onNotice((notice) => notice.kind === 'news' && bus.hear(notice.news));
  const neighbours = await watchNeighbours(database, notices, { ...self, version }, log);
  return {
    url,
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
      await close();
    },
  };
}
