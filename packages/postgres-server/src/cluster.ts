import { randomUUID } from 'node:crypto';
import { appendFile, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MillraceError } from '@millrace/contract';
import type { Account } from './account.ts';
import { type Binaries, program } from './binaries.ts';
import { endOrphans } from './orphans.ts';
import { ownPort, whenFree } from './port.ts';
import { livePostmaster, pidFile } from './postmaster.ts';
import { type Finished, runProgram } from './program.ts';

/** A folder of ours with a database cluster in it: `data/` is PostgreSQL's, `log/` holds a week of its logs. */
export interface Cluster {
  readonly folder: string;
  readonly binaries: Binaries;
  /** Who runs the server and owns the folder; ourselves where absent. */
  readonly account?: Account | undefined;
  /** Password of the superuser `postgres`. */
  readonly password: string;
  /** Settings over our own, in `postgresql.conf`'s terms. */
  readonly settings?: Readonly<Record<string, string>>;
}

const ownSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  // One file a weekday, emptied when its day comes round again: a week of log and no more.
  log_timezone: 'UTC',
  logging_collector: 'on',
  log_directory: '../log',
  log_filename: 'postgres-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
};

export function dataFolder(cluster: Cluster): string {
  return join(cluster.folder, 'data');
}

/**
 * Makes the data folder where it is missing. It appears whole or not at all, so that being killed in the middle leaves
 * nothing that looks like a cluster.
 */
export async function initialise(cluster: Cluster): Promise<void> {
  if (await exists(dataFolder(cluster))) return requireSameMajor(cluster);
  const unfinished = join(cluster.folder, 'data.new');
  await makeFolders(cluster);
  await rm(unfinished, { recursive: true, force: true });
  await initdb(cluster, unfinished);
  await appendFile(join(unfinished, 'postgresql.conf'), "\ninclude_if_exists 'millrace.conf'\n");
  await rename(unfinished, dataFolder(cluster));
}

/**
 * The port of the server that runs over the cluster; nothing where none runs. One that is just starting (in recovery
 * perhaps) or stopping is waited for.
 */
export async function runningPort(cluster: Cluster): Promise<number | undefined> {
  for (;;) {
    const postmaster = await livePostmaster(dataFolder(cluster));
    if (!postmaster || postmaster.ready) return postmaster?.port;
    await delay(50);
  }
}

/** For so long a port is waited for: whoever has used the server goes on asking there. */
const portPatienceMs = 10_000;

/**
 * Starts the server in the background, as a process that outlives us, and waits until it takes connections. What a server
 * before it has left behind is ended first.
 * @param knownPort where the server was before; it comes back there unless another program holds on to the port
 * @returns its port on 127.0.0.1
 * @throws {MillraceError} `POSTGRES_START_FAILED` with the last lines of its log
 */
export async function start(cluster: Cluster, knownPort?: number): Promise<number> {
  const first = await tryStart(cluster, knownPort);
  if (typeof first === 'number') return first;
  await delay(1000);
  // It may only have recovered for longer than it was waited for; or somebody has taken the port in between.
  const second = (await runningPort(cluster)) ?? (await tryStart(cluster, knownPort));
  if (typeof second === 'number') return second;
  throw new MillraceError(
    'POSTGRES_START_FAILED',
    `The built-in PostgreSQL does not start: ${await lastWords(cluster, second)}`,
  );
}

/** Stops the server: `fast` in order, `immediate` without tidying up (the next start recovers). */
export async function stop(cluster: Cluster, mode: 'fast' | 'immediate'): Promise<void> {
  const { code, output } = await control(cluster, 'stop', '-m', mode, '-w', '-t', '60');
  if (code !== 0 && (await livePostmaster(dataFolder(cluster)))) {
    throw new MillraceError('POSTGRES_STOP_FAILED', `The built-in PostgreSQL does not stop: ${output.trim()}`);
  }
}

async function tryStart(cluster: Cluster, knownPort?: number): Promise<number | Finished> {
  await rm(pidFile(dataFolder(cluster)), { force: true });
  await endOrphans(dataFolder(cluster));
  const port = (knownPort && (await whenFree(knownPort, portPatienceMs))) || (await ownPort());
  await writeSettings(cluster, port);
  const log = join(cluster.folder, 'log', 'start.log');
  await rm(log, { force: true });
  const finished = await control(cluster, 'start', '-s', '-w', '-t', '120', '-l', log);
  return finished.code === 0 ? port : finished;
}

function control(cluster: Cluster, ...args: string[]): Promise<Finished> {
  return runProgram(program(cluster.binaries, 'pg_ctl'), [...args, '-D', dataFolder(cluster)], cluster.account);
}

async function makeFolders({ folder, account }: Cluster): Promise<void> {
  await mkdir(join(folder, 'log'), { recursive: true, mode: 0o700 });
  if (!account) return;
  for (const owned of [folder, join(folder, 'log')]) await chown(owned, account.uid, account.gid);
}

async function initdb(cluster: Cluster, folder: string): Promise<void> {
  const passwordFile = join(cluster.folder, `password.${randomUUID()}`);
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (cluster.account) await chown(passwordFile, cluster.account.uid, cluster.account.gid);
  const authentication = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  // The built-in locale sorts alike on every system and needs none installed.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const initdbProgram = program(cluster.binaries, 'initdb');
  const { code, output } = await runProgram(
    initdbProgram,
    ['-D', folder, ...authentication, ...locale],
    cluster.account,
  );
  await rm(passwordFile, { force: true });
  if (code !== 0) throw new MillraceError('POSTGRES_INIT_FAILED', `initdb cannot make ${folder}: ${lastLines(output)}`);
}

async function requireSameMajor(cluster: Cluster): Promise<void> {
  const made = (await readFile(join(dataFolder(cluster), 'PG_VERSION'), 'utf8')).trim();
  const ours = cluster.binaries.version.split('.')[0];
  if (made === ours) return;
  throw new MillraceError(
    'POSTGRES_VERSION_MISMATCH',
    `The data in ${dataFolder(cluster)} is of PostgreSQL ${made}, and this Millrace brings PostgreSQL ${ours}. Dump it with the old one (pg_dump), or set DATABASE_URL.`,
  );
}

async function writeSettings(cluster: Cluster, port: number): Promise<void> {
  const settings = { ...ownSettings, ...cluster.settings, port: String(port) };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  const file = join(dataFolder(cluster), 'millrace.conf');
  await writeFile(file, ['# Written by Millrace at every start.\n', ...lines].join(''));
  if (cluster.account) await chown(file, cluster.account.uid, cluster.account.gid);
}

async function lastWords(cluster: Cluster, finished: Finished): Promise<string> {
  const folder = join(cluster.folder, 'log');
  const files = (await readdir(folder)).map((name) => join(folder, name));
  const dated = await Promise.all(files.map(async (file) => ({ file, at: (await stat(file)).mtimeMs })));
  const latest = dated.sort((a, b) => b.at - a.at)[0];
  const log = latest ? await readFile(latest.file, 'utf8') : '';
  return `${lastLines(log || finished.output)} (log: ${folder})`;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
