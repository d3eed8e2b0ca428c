import {
  type Json,
  type JsonObject,
  MillraceError,
  readJson,
  type Sandbox,
  type SandboxOptions,
} from '@millrace/contract';
import pg from 'pg';
import Type from 'typebox';
import Value from 'typebox/value';
import { postgresFromText } from '../postgres/from-text.ts';

const Act = Type.Object({ act: Type.Literal('run'), sql: Type.String() }, { additionalProperties: false });

/**
 * A database of one's own. Acts: `{ "act": "run", "sql": "…" }` runs statements as the other system would. State:
 * `{ "tables": { "<name>": [rows] } }`, those of a table in the order of its first column.
 */
export async function postgresSandbox({ database }: Pick<SandboxOptions, 'database'>): Promise<Sandbox> {
  const { url, drop } = await database();
  const client = new pg.Client(url);
  await client.connect();
  return {
    config: postgresFromText(`${url}?sslmode=disable`) as unknown as Json,
    async act(act) {
      if (!Value.Check(Act, act))
        throw new MillraceError('SANDBOX_ACT_UNKNOWN', 'The database’s act is run, with its sql.');
      await client.query(act.sql);
    },
    state: async () => ({ tables: await tablesIn(client) }),
    async stop() {
      await client.end();
      await drop();
    },
  };
}

async function tablesIn(client: pg.Client): Promise<JsonObject> {
  const { rows } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const tables: Record<string, Json> = {};
  for (const { name } of rows) tables[name] = await rowsOf(client, name);
  return tables;
}

/** As text, so that no number is rounded. */
async function rowsOf(client: pg.Client, table: string): Promise<Json> {
  const { rows } = await client.query<{ all: string }>(
    `select coalesce(json_agg(row_to_json(line)), '[]')::text as all
     from (select * from ${pg.escapeIdentifier(table)} order by 1) as line`,
  );
  return readJson(rows[0]?.all ?? '[]');
}
