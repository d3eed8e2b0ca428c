import { readdirSync, readFileSync } from 'node:fs';
import { MillraceError } from '@millrace/contract';
import pg from 'pg';

const folder = new URL('./migrations/', import.meta.url);
/** Any number, the same in every process: only one migrates at a time. */
const migrationLock = 4_031_964;

/**
 * Brings the database to the newest schema: each numbered file once, in order, in a transaction of its own.
 * @throws {MillraceError} `DATABASE_ROLE_REFUSED` when the login may not create the application's roles
 */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'millrace migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await createRoles(client);
    await client.query('create schema if not exists millrace');
    await client.query(
      'create table if not exists millrace.migration (name text primary key, at timestamptz not null default now())',
    );
    for (const name of await pending(client)) await apply(client, name);
  } finally {
    await client.end();
  }
}

/** Makes the roles of the application alone, for a database that is to be brought here. */
export async function prepareRoles(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'millrace migrate' });
  await client.connect();
  await createRoles(client).finally(() => client.end());
}

async function pending(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from millrace.migration');
  const done = new Set(rows.map((row) => row.name));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql') && !done.has(name))
    .sort();
}

async function apply(client: pg.Client, name: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(readFileSync(new URL(name, folder), 'utf8'));
    await client.query('insert into millrace.migration (name) values ($1)', [name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/**
 * What may look at the data of all records, and what may delete of archive and audit, is for nobody's own use: they have
 * functions, and are taken on by no login. Accounts are apart from the rest, and changed together with it.
 */
const roles = [
  ['millrace_app', 'inherit true'],
  ['millrace_scan', 'inherit true'],
  ['millrace_search', 'inherit false'],
  ['millrace_forget', 'inherit false'],
  ['millrace_accounts', 'inherit false'],
] as const;

/** Roles belong to the whole cluster, so another database's migration may create them at the same moment. */
async function createRoles(client: pg.Client): Promise<void> {
  for (const [role, how] of roles) {
    try {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
      if (rowCount === 0) await client.query(`create role ${role} nologin nobypassrls`);
      await client.query(`grant ${role} to current_user with ${how}`);
    } catch (error) {
      if (isConcurrent(error)) continue;
      throw new MillraceError(
        'DATABASE_ROLE_REFUSED',
        `The database login may not create or use the role ${role}; let an administrator create it and grant it to the login.`,
        { category: 'auth', cause: error },
      );
    }
  }
}

/** duplicate_object, unique_violation, or "tuple concurrently updated" (internal_error). */
function isConcurrent(error: unknown): boolean {
  return ['42710', '23505', 'XX000'].includes((error as { code?: string }).code ?? '');
}
