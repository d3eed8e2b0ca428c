import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@millrace/postgres-server';
import pg from 'pg';
import { parentOf } from '../processes/cpu.ts';

/** The built-in PostgreSQL, as every instance has it, over a folder that is thrown away. */
export interface DatabaseServer {
  /** Process id of the postmaster: all others of the server are below it. */
  readonly pid: number;
  /** `PostgreSQL 18.4`. */
  readonly version: string;
  /** A connection as superuser, for what the bench looks at. */
  readonly observer: pg.Client;
  /** Makes an empty database for the application's role; answers its address. */
  createDatabase(name: string): Promise<string>;
  /** A connection to one database as superuser, whom row-level security does not hold; the caller ends it. */
  connect(name: string): Promise<pg.Client>;
  dropDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** @param libraries to be preloaded, such as `pg_stat_statements`; measuring costs, so none as a rule */
export async function startDatabaseServer(libraries: readonly string[] = []): Promise<DatabaseServer> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  if (libraries.length > 0) await preload(home, libraries);
  const server = await startEmbeddedPostgres({ home });
  const observer = await connectAsSuperuser(home, 'postgres');
  const { folder } = kept(home);
  const remove = () => {
    for (const place of [folder, home]) rmSync(place, { recursive: true, force: true, maxRetries: 10 });
  };
  const { rows } = await observer.query("select pg_backend_pid() as pid, split_part(version(), ' on ', 1) as version");
  const pid = parentOf(rows[0].pid);
  // The server outlives whoever started it, unless it is told to end.
  const onExit = () => {
    process.kill(pid, 'SIGQUIT');
    remove();
  };
  process.on('exit', onExit);

  return {
    pid,
    version: rows[0].version,
    observer,
    async createDatabase(name) {
      await observer.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
      await observer.query(`create database ${pg.escapeIdentifier(name)} owner millrace`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    connect: (name) => connectAsSuperuser(home, name),
    async dropDatabase(name) {
      await observer.query(`drop database ${pg.escapeIdentifier(name)} with (force)`);
    },
    async stop() {
      await observer.end();
      await server.stop();
      process.off('exit', onExit);
      remove();
    },
  };
}

/** Libraries are loaded when the server starts: it is started once for the setting alone. */
async function preload(home: string, libraries: readonly string[]): Promise<void> {
  const server = await startEmbeddedPostgres({ home });
  const observer = await connectAsSuperuser(home, 'postgres');
  await observer.query(`alter system set shared_preload_libraries = ${pg.escapeLiteral(libraries.join(','))}`);
  await observer.end();
  await server.stop();
}

async function connectAsSuperuser(home: string, database: string): Promise<pg.Client> {
  const { password, port } = kept(home);
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database });
  await client.connect();
  return client;
}

/** What the built-in PostgreSQL keeps of itself in the instance's folder. */
function kept(home: string) {
  return JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')) as {
    folder: string;
    password: string;
    port: number;
  };
}
