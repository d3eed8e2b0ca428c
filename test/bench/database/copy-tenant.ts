import pg from 'pg';
import { columnsToCopy } from './copied-columns.ts';

/** What a tenant has set up with its flows; not what has happened since. */
const setUp = [
  'flow',
  'flow_version',
  'deployment',
  'deployment_history',
  'webhook_route',
  'schedule',
  'serving_revision',
];

/**
 * Makes copies of a tenant with all that its flows are, called `<slug>-1` and so on. Versions of flows get names of their own, so that nothing that is kept by a version serves two tenants. By a
 * superuser, with neither triggers nor foreign keys checked.
 * @param from number of the first copy
 */
export async function copyTenant(client: pg.Client, slug: string, { from, count }: { from: number; count: number }) {
  await client.query('set session_replication_role = replica');
  await client.query(
    `create temporary table copy as
     select uuidv7() as id, $1 || '-' || number as slug from generate_series($2::integer, $3::integer) number`,
    [slug, from, from + count - 1],
  );
  await copyRows(client, 'tenant', slug);
  for (const table of setUp) await copyRows(client, table, slug);
  await client.query('drop table copy');
  await client.query('vacuum analyze');
  // What was just written must not be written to disk while something is measured.
  await client.query('checkpoint');
}

async function copyRows(client: pg.Client, table: string, slug: string): Promise<void> {
  const owner = table === 'tenant' ? 'id' : 'tenant_id';
  const columns = await columnsToCopy(client, table, owner);
  const name = `millrace.${pg.escapeIdentifier(table)}`;
  await client.query(
    `insert into ${name} (${columns.map(pg.escapeIdentifier).join(', ')})
     select ${columns.map((column) => valueIn(table, column, owner)).join(', ')}
     from (select * from ${name} where ${owner} = (select id from millrace.tenant where slug = $1)) one, copy`,
    [slug],
  );
}

function valueIn(table: string, column: string, owner: string): string {
  if (column === owner) return 'copy.id';
  if (table === 'tenant' && column === 'slug') return 'copy.slug';
  const value = `one.${pg.escapeIdentifier(column)}`;
  return column === 'version' || (table === 'flow_version' && column === 'hash')
    ? `case when ${value}::text ~ '^[0-9a-f]{64}$' then encode(sha256((${value} || copy.id)::bytea), 'hex') else ${value} end`
    : value;
}
