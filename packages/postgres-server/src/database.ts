import pg from 'pg';

/** Role and database of the application. */
export const applicationName = 'millrace';

export interface Address {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export function url({ port, user, password, database }: Address): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/** Does the work over a connection as superuser. */
export async function asSuperuser<T>(
  port: number,
  password: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(url({ port, user: 'postgres', password, database: 'postgres' }));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Makes the application's role where it is missing. It is no superuser, because a superuser is above row-level
 * security; it may make databases and roles, and belongs to the roles it makes.
 * @param password kept in hexadecimal digits by its makers, since a role's password cannot be a query parameter
 */
export async function ensureApplicationRole(client: pg.Client, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [applicationName]);
  if (rowCount) return;
  await client.query(`create role ${applicationName} login createdb createrole password '${password}'`);
  await client.query(`alter role ${applicationName} set createrole_self_grant = 'set, inherit'`);
}

/** Makes the application's database where it is missing. */
export async function ensureApplicationDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [applicationName]);
  if (!rowCount) await client.query(`create database ${applicationName} owner ${applicationName}`);
}

/** How many other clients are connected; those that call themselves by a name, where one is given. */
export async function otherClients(client: pg.Client, name?: string): Promise<number> {
  const { rowCount } = await client.query(
    `select from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name = coalesce($1, application_name)`,
    [name],
  );
  return rowCount ?? 0;
}
