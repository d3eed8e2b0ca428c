import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { catalogueOf, describeCatalogue, type Pack, type Result } from '@millrace/contract';
import core from '@millrace/pack-core';
import dropzone from '@millrace/pack-dropzone';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import objectStore from '@millrace/pack-object-store';
import records from '@millrace/pack-records';
import { startEmbeddedPostgres } from '@millrace/postgres-server';
import { openAuth } from './auth/auth.ts';
import type { Config } from './config/settings.ts';
import { startDemo } from './demo/demo.ts';
import { createBus } from './engine/bus.ts';
import type { Foundation } from './engine/engine.ts';
import { startEngine } from './engine/start.ts';
import { startEvaluator } from './evaluator/evaluator.ts';
import { createHttpServer } from './http/server.ts';
import { createLog, type Log } from './log.ts';
import { openDatabase } from './postgres/database.ts';
import { migrate } from './postgres/migrate.ts';
import { openQueue } from './postgres/queue.ts';
import { loadMasterKey } from './secrets/master-key.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const studioFolder = fileURLToPath(new URL('../studio/dist', import.meta.url));

/** The packs that an instance has. */
export const packs: readonly Pack[] = [core, records, objectStore, dropzone];

/** Everything that the engine stands on, opened. */
export interface Instance {
  readonly foundation: Foundation;
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
  readonly mock?: (node: string, attempt: number) => Result | undefined;
}

/** Opens the database (the built-in one where none is configured), brings its schema up to date, and what goes with it. */
export async function openInstance({ config, log, tell, mock }: InstanceOptions): Promise<Instance> {
  const server = config.databaseUrl
    ? { url: config.databaseUrl, stop: async () => undefined }
    : await startEmbeddedPostgres({ home: config.home, log: tell ?? ((line) => log.info(line)) });
  await migrate(server.url);
  const catalogue = catalogueOf(packs);
  const database = openDatabase(server.url);
  const leaseDatabase = openDatabase(server.url, { size: 1, name: 'millrace leases' });
  const evaluator = startEvaluator({ processes: config.evaluators, timeoutMs: config.evaluationTimeoutMs });
  const queue = await openQueue(server.url, (error) => log.warn({ err: error }, 'the job queue reports an error'));
  return {
    url: server.url,
    foundation: {
      database,
      leaseDatabase,
      queue,
      evaluator,
      catalogue,
      types: describeCatalogue(catalogue),
      masterKey: loadMasterKey(config.masterKeyFile),
      bus: createBus(),
      log,
      home: config.home,
      leaseMs: config.leaseMs,
      privateAddresses: config.privateAddresses,
      ...(mock && { mock }),
    },
    async close() {
      await queue.stop();
      await evaluator.close();
      await leaseDatabase.close();
      await database.close();
      await server.stop();
    },
  };
}

export interface Millrace {
  /** Where the studio, the API and the webhooks are. */
  readonly url: string;
  /** Lets present work come to rest and closes everything. */
  stop(): Promise<void>;
}

/** Starts a whole instance: engine, API, studio; in demo mode also the demo tenant with its sandbox ERP. */
export async function startMillrace(
  config: Config,
  options: { demo: boolean; out: NodeJS.WritableStream },
): Promise<Millrace> {
  const log = createLog(config.logLevel, process.stderr);
  const instance = await openInstance({ config, log, tell: (line) => options.out.write(`${line}\n`) });
  const { foundation } = instance;
  const engine = await startEngine(foundation);
  const auth = await openAuth({
    url: instance.url,
    database: foundation.database,
    masterKey: foundation.masterKey,
    publicUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    log,
  });
  const http = createHttpServer({
    ...foundation,
    engine,
    auth,
    version,
    demo: options.demo,
    publicUrl: config.publicUrl,
    studioFolder,
  });
  const closeAll = async (): Promise<void> => {
    await engine.stop();
    await auth.close();
    await instance.close();
  };
  const port = await http.listen(config.port, config.host).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  const url = config.publicUrl ?? `http://${config.host}:${port}`;
  const demo = options.demo && startDemo({ foundation, auth, url, out: options.out, startErp: startSandboxErp });
  return {
    url,
    async stop() {
      if (demo) await demo.stop();
      await http.close();
      await closeAll();
    },
  };
}
