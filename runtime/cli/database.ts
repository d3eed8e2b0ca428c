import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MillraceError } from '@millrace/contract';
import { startEmbeddedPostgres } from '@millrace/postgres-server';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { prepareRoles } from '../postgres/migrate.ts';

/** `millrace database …`: programs of PostgreSQL over the database of the instance, to back it up and bring it back. */
export function addDatabase(program: Command): void {
  program
    .command('database <program> [arguments...]')
    .description('run a program of PostgreSQL, such as pg_dump, with the database of the instance in its environment')
    .allowUnknownOption()
    .helpOption(false)
    .action(run);
}

/** The built-in database is up meanwhile, whether or not the instance runs. */
async function run(program: string, args: readonly string[]): Promise<void> {
  const { databaseUrl, home } = loadConfig(process.env, process.cwd());
  const server = databaseUrl
    ? { url: databaseUrl, superuserUrl: databaseUrl, stop: async () => undefined }
    : await startEmbeddedPostgres({ home });
  try {
    await prepareRoles(server.url);
    process.exitCode = await codeOf(program, args, { ...process.env, ...environmentOf(server.superuserUrl) });
  } finally {
    await server.stop();
  }
}

/** As libpq reads it, so that the password stands on no command line. */
function environmentOf(address: string): NodeJS.ProcessEnv {
  const url = new URL(address);
  const given = {
    PGHOST: url.hostname,
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: url.pathname.slice(1),
    PGSSLMODE: url.searchParams.get('sslmode') ?? '',
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

/** @throws {MillraceError} `PROGRAM_MISSING` */
async function codeOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(program, args, { env, stdio: 'inherit' });
  const [code] = await once(child, 'close').catch((cause: unknown) => {
    const message = `“${program}” cannot be run; pg_dump, pg_restore and psql come with the client programs of PostgreSQL 18.`;
    throw new MillraceError('PROGRAM_MISSING', message, { cause });
  });
  return code ?? 1;
}
