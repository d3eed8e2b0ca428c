import type pg from 'pg';

/**
 * Columns that a copy of a row takes over: all but those that PostgreSQL fills by itself, and ids of rows, which are each
 * row's own.
 * @param reference the one that says to whom the row belongs
 */
export async function columnsToCopy(client: pg.Client, table: string, reference: string): Promise<string[]> {
  const { rows } = await client.query(
    `select column_name as name from information_schema.columns
     where table_schema = 'millrace' and table_name = $1 and is_identity = 'NO' and is_generated = 'NEVER'
       and (column_name = $2 or column_name <> 'id' or column_default is null)
     order by ordinal_position`,
    [table, reference],
  );
  return rows.map(({ name }: { name: string }) => name);
}
