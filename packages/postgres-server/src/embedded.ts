import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MillraceError } from '@millrace/contract';
import type pg from 'pg';
import { serverAccount } from './account.ts';
import { findBinaries, sharedFolder } from './binaries.ts';
import { type Cluster, dataFolder, initialise, runningPort, start, stop } from './cluster.ts';
import {
  applicationName,
  asSuperuser,
  ensureApplicationDatabase,
  ensureApplicationRole,
  otherClients,
  url,
} from './database.ts';
import { whileLocked } from './lock.ts';
import { isFree } from './port.ts';
import { connectPresence, type Presence } from './presence.ts';

export interface EmbeddedPostgresOptions {
  /** The instance's folder (`MILLRACE_HOME`). */
  readonly home: string;
  /** Told in plain words what takes its time, and that the server has gone away and come back. */
  readonly log?: (line: string) => void;
  /** Whether we bring the server back when it dies under us; yes unless told otherwise. */
  readonly bringBack?: boolean;
}

export interface EmbeddedPostgres {
  /**
   * Address of the database `millrace` for the role `millrace`, which is no superuser; holds the password. It stays when
   * the server dies under us: until `stop`, whichever of the processes that use it comes first brings it back there.
   */
  readonly url: string;
  /** The same for the superuser, above row-level security: for backups, and for nothing that Millrace does. */
  readonly superuserUrl: string;
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
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log = () => undefined, bringBack = true } = options;
  const home = resolve(options.home);
  await mkdir(home, { recursive: true });
  const lockFile = join(home, 'postgres.lock');
  return whileLocked(lockFile, async () => {
    const { cluster, port } = await runningCluster(home, log);
    await asSuperuser(port, cluster.password, async (client) => {
      await ensureApplicationRole(client, cluster.password);
      await ensureApplicationDatabase(client);
    });
    const address = { port, password: cluster.password, user: applicationName, database: applicationName };
    const presence = await connectPresence({
      address,
      log,
      bringBack: async () => {
        if (bringBack) await whileLocked(lockFile, () => startAgain(cluster, port));
      },
    });
    return {
      url: url(address),
      superuserUrl: url({ ...address, user: 'postgres' }),
      async stop() {
        await presence.giveUp();
        await whileLocked(lockFile, () => leave(cluster, port, presence));
      },
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

/**
 * Whoever uses the server knows one address, so that it comes back there or not at all.
 * @throws {MillraceError} `POSTGRES_MOVED` where another start had to move it, `POSTGRES_PORT_IN_USE` where it would have to
 */
async function startAgain(cluster: Cluster, port: number): Promise<void> {
  const running = (await runningPort(cluster)) ?? ((await isFree(port)) ? await start(cluster, port) : undefined);
  if (running === port) return;
  if (running !== undefined)
    throw new MillraceError(
      'POSTGRES_MOVED',
      `The built-in PostgreSQL had to move from port ${port}, which another program has taken, to ${running}: start this process again.`,
    );
  throw new MillraceError(
    'POSTGRES_PORT_IN_USE',
    `The built-in PostgreSQL cannot come back, because another program has taken its port ${port}.`,
  );
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

async function leave(cluster: Cluster, port: number, presence: Presence): Promise<void> {
  const others = await presence.leave();
  if (others > 0 || (await runningPort(cluster)) !== port) return;
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
