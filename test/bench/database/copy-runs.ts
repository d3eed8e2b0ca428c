import pg from 'pg';
import { columnsToCopy } from './copied-columns.ts';

/**
 * Stores copies of one run with everything that was written of it: the tables whose rows name their run. So the copies
 * have a real run's size, whatever the tables look like. By a superuser, with neither triggers nor foreign keys checked.
 * @param run id of the run
 */
export async function copyRun(client: pg.Client, run: string, count: number): Promise<void> {
  await client.query('set session_replication_role = replica');
  await client.query('create temporary table copy as select uuidv7() as id from generate_series(1, $1::integer)', [
    count,
  ]);
  await copyRows(client, 'run', 'id', run);
  for (const table of await tablesOfRuns(client)) await copyRows(client, table, 'run_id', run);
  await client.query('drop table copy');
  await client.query('vacuum analyze');
  // What was just written must not be written to disk while something is measured.
  await client.query('checkpoint');
}

async function tablesOfRuns(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(
    `select c.table_name as name from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'millrace' and c.column_name = 'run_id' and t.table_type = 'BASE TABLE'
       -- of one event there is one run
       and c.table_name <> 'trigger_event'
       -- partitions are written through their table
       and not (select relispartition from pg_class where oid = format('millrace.%I', c.table_name)::regclass)`,
  );
  return rows.map(({ name }: { name: string }) => name);
}

/** @param reference column that holds the run's id */
async function copyRows(client: pg.Client, table: string, reference: string, run: string): Promise<void> {
  const columns = await columnsToCopy(client, table, reference);
  const values = columns.map((column) => (column === reference ? 'copy.id' : `one.${pg.escapeIdentifier(column)}`));
  const name = `millrace.${pg.escapeIdentifier(table)}`;
  await client.query(
    `insert into ${name} (${columns.map(pg.escapeIdentifier).join(', ')})
     select ${values.join(', ')} from (select * from ${name} where ${reference} = $1) one, copy`,
    [run],
  );
}
