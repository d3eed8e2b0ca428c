import { randomUUID } from 'node:crypto';
import type { ScratchDatabase } from '@millrace/contract';
import pg from 'pg';

const prefix = 'millrace_test_';

/** Begins the names of the databases of one suite. */
export function newScratchName(): string {
  return `${prefix}${randomUUID().slice(0, 13).replaceAll('-', '')}`;
}

/** An empty database on the server. @param name it begins with this */
export async function createScratchDatabase(url: string, name: string): Promise<ScratchDatabase> {
  const database = `${name}_${randomUUID().slice(0, 8)}`;
  await run(url, `create database ${database}`);
  const scratch = new URL(url);
  scratch.pathname = `/${database}`;
  // Not by force: that is refused while the server itself, which is no one's to end, is vacuuming there.
  return { url: scratch.href, drop: () => run(url, `drop database ${database}`).then(() => undefined) };
}

/** Removes what a suite has left behind whose process was ended. @param name as they begin */
export async function dropScratchDatabases(url: string, name: string): Promise<void> {
  const { rows } = await run(url, `select datname from pg_database where starts_with(datname, '${name}_')`);
  for (const { datname } of rows) await run(url, `drop database if exists ${datname} with (force)`);
}

async function run(url: string, statement: string): Promise<pg.QueryResult<{ datname: string }>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(statement).finally(() => client.end());
}
