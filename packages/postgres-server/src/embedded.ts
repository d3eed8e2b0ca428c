import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MillraceError } from '@millrace/contract';
import pg from 'pg';
import { serverAccount } from './account.ts';
import { findBinaries, sharedFolder } from './binaries.ts';
import { type Cluster, dataFolder, initialise, runningPort, start, stop } from './cluster.ts';
import {
  type Address,
  applicationName,
  asSuperuser,
  ensureApplicationDatabase,
  ensureApplicationRole,
  otherClients,
  url,
} from './database.ts';
import { whileLocked } from './lock.ts';

export interface EmbeddedPostgresOptions {
  /** The instance's folder (`MILLRACE_HOME`). */
  readonly home: string;
  /** Told in plain words what takes its time. */
  readonly log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Address of the database `millrace` for the role `millrace`, which is no superuser; holds the password. */
  readonly url: string;
  /** Leaves the server, and stops it unless another process is connected. Close your own connections before. */
  stop(): Promise<void>;
}

/** What `<home>/postgres.json` keeps, readable by its owner alone. */
interface Kept {
  readonly folder: string;
  readonly password: string;
  /** Where it listened last. */
  readonly port: number;
}

/**
 * The PostgreSQL 18 of an instance, on 127.0.0.1 alone. The first call makes its data folder, a call while it runs (after
 * our own hard kill, or beside another process) joins it. The server outlives a hard kill of ours.
 * Its data lies in `<home>/postgres`; for root, whose folders the server's account may not read, in `/var/lib/millrace`.
 * @throws {MillraceError} `POSTGRES_*` where there are no binaries for this system or the server does not start
 */
export async function startEmbeddedPostgres({ home, log }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(home);
  await mkdir(folder, { recursive: true });
  const lockFile = join(folder, 'postgres.lock');
  return whileLocked(lockFile, async () => {
    const { cluster, port } = await runningCluster(folder, log ?? (() => undefined));
    await asSuperuser(port, cluster.password, async (client) => {
      await ensureApplicationRole(client, cluster.password);
      await ensureApplicationDatabase(client);
    });
    const address = { port, password: cluster.password, user: applicationName, database: applicationName };
    const presence = await connectPresence(address);
    return {
      url: url(address),
      stop: () => whileLocked(lockFile, () => leave(cluster, port, presence)),
    };
  });
}

async function runningCluster(home: string, log: (line: string) => void): Promise<{ cluster: Cluster; port: number }> {
  const account = await serverAccount();
  const kept = await readKept(home, account !== undefined);
  const binaries = await findBinaries({ shared: account !== undefined });
  const cluster = { folder: kept.folder, password: kept.password, binaries, account };
  const running = await runningPort(cluster);
  if (running) log(`Joined the PostgreSQL that runs over ${dataFolder(cluster)}.`);
  const port = running ?? (await startCluster(cluster, kept.port, log));
  await keep(home, { ...kept, port });
  return { cluster, port };
}

async function startCluster(cluster: Cluster, preferredPort: number, log: (line: string) => void): Promise<number> {
  log(`Starting PostgreSQL ${cluster.binaries.version.split('.')[0]} over ${dataFolder(cluster)} …`);
  await initialise(cluster);
  return start(cluster, preferredPort);
}

const keptFile = (home: string) => join(home, 'postgres.json');

async function readKept(home: string, forOtherAccount: boolean): Promise<Kept> {
  const text = await readFile(keptFile(home), 'utf8').catch(() => undefined);
  if (text !== undefined) return parseKept(text, home);
  const folder = forOtherAccount ? join(sharedFolder, randomUUID()) : join(home, 'postgres');
  const kept = { folder, password: randomBytes(24).toString('hex'), port: 0 };
  await keep(home, kept);
  return kept;
}

function parseKept(text: string, home: string): Kept {
  try {
    return JSON.parse(text) as Kept;
  } catch (cause) {
    const message = `${keptFile(home)} is not JSON; without it the password of the built-in PostgreSQL is unknown. Restore it from a backup.`;
    throw new MillraceError('POSTGRES_SETTINGS_BROKEN', message, { cause });
  }
}

async function keep(home: string, kept: Kept): Promise<void> {
  const unfinished = `${keptFile(home)}.new`;
  await writeFile(unfinished, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, keptFile(home));
}

const presenceName = 'millrace presence';

/**
 * One connection held for as long as we use the server: by it another process sees that it may not stop the server yet,
 * and it goes away by itself when we die.
 */
async function connectPresence(address: Address): Promise<pg.Client> {
  const presence = new pg.Client({ connectionString: url(address), application_name: presenceName });
  // A server that goes away is noticed by those who query it.
  presence.on('error', () => undefined);
  await presence.connect();
  return presence;
}

async function leave(cluster: Cluster, port: number, presence: pg.Client): Promise<void> {
  const shared = await otherClients(presence, presenceName).catch(() => 0);
  await presence.end().catch(() => undefined);
  if (shared > 0 || (await runningPort(cluster)) !== port) return;
  if (!(await asSuperuser(port, cluster.password, usedByOthers))) await stop(cluster, 'fast');
}

/** By somebody's `psql`, say. A connection that was closed a moment ago, ours perhaps, takes a moment to disappear. */
async function usedByOthers(client: pg.Client): Promise<boolean> {
  for (let look = 0; look < 20; look++) {
    if ((await otherClients(client)) === 0) return false;
    await delay(50);
  }
  return true;
}
