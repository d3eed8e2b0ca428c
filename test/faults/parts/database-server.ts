import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@millrace/postgres-server';
import pg from 'pg';
import { spawnOwn } from './own-process.ts';
import { until } from './until.ts';

/** The built-in PostgreSQL as every instance has it (what is committed is on the disk), to be stopped hard. */
export interface DatabaseServer {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Makes an empty database for the application's role; answers its address, which stays the same after a crash. */
  createDatabase(name: string): Promise<string>;
  /** A connection as superuser, closed after the work. */
  asSuperuser<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T>;
  /** SIGKILL to the server, as the system does it when memory is short. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Starts it, and kills it again while it recovers. */
  startAndKill(): Promise<void>;
  stop(): Promise<void>;
}

interface Kept {
  readonly folder: string;
  readonly password: string;
  readonly port: number;
}

/** @param folder of the data; one of its own unless given */
export async function startDatabaseServer(folder?: string): Promise<DatabaseServer> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-faults-db-'));
  if (folder !== undefined) writeFileSync(join(home, 'postgres.json'), keptIn(folder), { mode: 0o600 });
  /** One for each start; whoever kills the server says when it comes back. */
  const uses = [await startEmbeddedPostgres({ home, bringBack: false })];
  /** The server's binary. */
  let program: string | undefined;
  const kept = (): Kept => JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')) as Kept;

  async function asSuperuser<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const { password, port } = kept();
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  async function start(): Promise<void> {
    const { port } = kept();
    uses.push(await startEmbeddedPostgres({ home, bringBack: false }));
    if (kept().port !== port) throw new Error('PostgreSQL came back at another port.');
  }

  return {
    asSuperuser,
    start,
    get port() {
      return kept().port;
    },
    async createDatabase(name) {
      await asSuperuser('postgres', (client) => client.query(`create database ${name} owner millrace`));
      const url = new URL((uses[0] as EmbeddedPostgres).url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async kill() {
      program = programOver(kept().folder) ?? program;
      await killPostmaster(kept().folder);
    },
    async startAndKill() {
      const { folder: data } = kept();
      if (program !== undefined) await beginAndKill(program, data);
    },
    async stop() {
      const { folder: data } = kept();
      for (const use of uses) await use.stop().catch(() => undefined);
      // Where somebody is still connected it was left running.
      await killPostmaster(data);
      for (const place of [data, home]) rmSync(place, { recursive: true, force: true });
    },
  };
}

function keptIn(folder: string): string {
  return JSON.stringify({ folder, password: 'f'.repeat(48), port: 0 });
}

function programOver(folder: string): string | undefined {
  const pid = postmasterOf(folder);
  return pid === undefined ? undefined : readlinkSync(`/proc/${pid}/exe`);
}

/** Runs the server itself, so that nobody tries a second time; it is killed when it has just begun to recover. */
async function beginAndKill(program: string, folder: string): Promise<void> {
  const data = join(folder, 'data');
  const { uid, gid } = statSync(data);
  const child = spawnOwn(program, ['-D', data], { cwd: '/', uid, gid, env: { LC_ALL: 'C' }, stdio: 'ignore' });
  await until('PostgreSQL begins', 20_000, () => child.hasEnded() || postmasterOf(folder) !== undefined, 5);
  await sleep(60);
  await child.end();
  await until('PostgreSQL is dead', 20_000, () => serversOver(folder).length === 0, 10);
}

function postmasterOf(folder: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);
    return serversOver(folder).includes(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Its children end by themselves a moment later; until then no other can start over the folder. */
async function killPostmaster(folder: string): Promise<void> {
  const pid = postmasterOf(folder);
  if (pid === undefined) return;
  process.kill(pid, 'SIGKILL');
  await until('PostgreSQL is dead', 20_000, () => serversOver(folder).length === 0, 10);
}

/** All processes of a PostgreSQL work in its data folder (Linux). */
function serversOver(folder: string): number[] {
  const data = join(folder, 'data');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingFolderOf(name) === data)
    .map(Number);
}

function workingFolderOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
