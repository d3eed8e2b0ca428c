import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { type Cluster, initialise, start, stop } from './cluster.ts';
import { applicationName, asSuperuser, ensureApplicationRole, url } from './database.ts';
import { type Lock, tryLock } from './lock.ts';

export interface ScratchCluster {
  /** Address of the database `postgres` for the role `millrace`, which may make databases and is no superuser. */
  readonly url: string;
  /** Stops the server and deletes its folder. */
  stop(): Promise<void>;
}

const prefix = 'millrace-scratch-';
/** Held by a cluster's maker for as long as it lives: a folder whose lock is free is left behind. */
const lockName = 'in-use';

/**
 * A PostgreSQL to be thrown away, in the system's folder for temporary files, which does not wait for the disk.
 * Clusters whose makers died are stopped and deleted first.
 */
export async function createScratchCluster(): Promise<ScratchCluster> {
  const account = await serverAccount();
  const binaries = await findBinaries({ shared: account !== undefined });
  const clusterIn = (folder: string): Cluster => {
    const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
    return { folder: join(folder, 'cluster'), binaries, account, settings, password: randomBytes(24).toString('hex') };
  };
  for (const left of await foldersLeftBehind()) await discard(clusterIn(left.folder), left.folder, left.lock);
  const folder = await mkdtemp(join(tmpdir(), prefix));
  const lock = tryLock(join(folder, lockName));
  await chmod(folder, 0o755);
  const cluster = clusterIn(folder);
  await initialise(cluster);
  const port = await start(cluster);
  await asSuperuser(port, cluster.password, (client) => ensureApplicationRole(client, cluster.password));
  return {
    url: url({ port, user: applicationName, password: cluster.password, database: 'postgres' }),
    stop: () => discard(cluster, folder, lock),
  };
}

async function discard(cluster: Cluster, folder: string, lock: Lock | undefined): Promise<void> {
  await stop(cluster, 'immediate');
  await rm(folder, { recursive: true, force: true });
  lock?.release();
}

/** Folders of dead makers, each with its lock taken, so that two runs do not clean up the same. */
async function foldersLeftBehind(): Promise<{ folder: string; lock: Lock }[]> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  const found: { folder: string; lock: Lock }[] = [];
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    const lock = (await isOurs(folder)) ? tryLock(join(folder, lockName)) : undefined;
    if (lock) found.push({ folder, lock });
  }
  return found;
}

async function isOurs(folder: string): Promise<boolean> {
  const { uid } = await stat(folder);
  return uid === process.getuid?.();
}
