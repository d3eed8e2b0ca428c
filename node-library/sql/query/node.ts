import { AnyJson, type Blobs, defineNode, emit, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import Type from 'typebox';
import type { PostgresConfig } from '../postgres/config.ts';
import { readRows } from '../postgres/cursor.ts';
import { withSession } from '../postgres/session.ts';
import { Parameters, Row, statement } from '../statement.ts';

const QueryConfig = Type.Object(
  {
    sql: statement('One query. Data goes in as parameters.', 'select id, total from orders where customer_id = $1'),
    parameters: Type.Optional(Parameters),
    result: Type.Optional(
      Type.Enum(['rows', 'file'], {
        title: 'Result',
        description: 'rows: in the run’s data. file: as a list in the payload store, for any number of rows.',
        default: 'rows',
        examples: ['rows'],
      }),
    ),
    maxRows: Type.Optional(
      Type.Integer({
        title: 'Most rows',
        description:
          'More rows fail the step; nothing is cut off silently. Left empty: 1,000 as rows, 10,000,000 as a file.',
        minimum: 1,
        maximum: 100_000_000,
        examples: [1000],
      }),
    ),
  },
  { additionalProperties: false },
);

const mostRows = { rows: 1000, file: 10_000_000 } as const;

export default defineNode<typeof QueryConfig, PostgresConfig>({
  id: 'sql/query',
  version: 1,
  title: 'SQL query',
  summary: 'Reads rows from a PostgreSQL database.',
  docs: `The query runs in a read-only transaction: a statement that would write fails with \`SQL_READ_ONLY\` or
\`SQL_STATEMENT_INVALID\`. Data reaches it only as \`$1\`, \`$2\` …; the text of the query takes no expressions.

Numbers arrive exactly, whatever their number of digits; times as ISO 8601 text in UTC with all their digits; \`json\` columns as
data; arrays as lists; every other type as PostgreSQL writes it. As rows the step emits \`{ "rows": […], "count": n }\`, as a file
\`{ "file": …, "count": n }\`: a list for for-each or a sync, read as it goes along.`,
  icon: 'database-search',
  connection: 'sql/postgres',
  config: QueryConfig,
  input: AnyJson,
  outputs: {
    out: Type.Object({ rows: Type.Optional(Type.Array(Row)), file: Type.Optional(AnyJson), count: Type.Integer() }),
  },
  effect: 'read',
  examples: [
    {
      title: 'The open orders of a customer',
      config: {
        sql: "select id, total, placed_at from orders where customer = $1 and state = 'OPEN' order by id",
        parameters: ['{% customer %}'],
      },
      input: { customer: "O'Brien" },
      expect: {
        port: 'out',
        data: { rows: [{ id: 1, total: 250.5, placed_at: '2026-03-01T08:00:00Z' }], count: 1 },
      },
    },
    {
      title: 'A query cannot write',
      config: { sql: 'delete from orders returning id' },
      input: null,
      expect: { error: 'SQL_STATEMENT_INVALID' },
    },
  ],
  async run(_input, { sql, parameters = [], result = 'rows', maxRows = mostRows[result] }, ctx) {
    return withSession(
      ctx.connection.config,
      { signal: ctx.signal, network: ctx.connection.network },
      async (session) => {
        const counted = count(readRows(session, sql, parameters as readonly Json[]), maxRows);
        const content =
          result === 'file' ? { file: await toFile(ctx.blobs, counted.rows) } : { rows: await all(counted.rows) };
        return emit('out', { ...content, count: counted.soFar() });
      },
    );
  },
});

async function all(rows: AsyncIterable<JsonObject>): Promise<JsonObject[]> {
  const list: JsonObject[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

async function toFile(blobs: Blobs, rows: AsyncIterable<JsonObject>): Promise<Json> {
  return (await blobs.writeLines(rows, { name: 'rows.jsonl' })) as unknown as Json;
}

function count(rows: AsyncIterable<JsonObject>, most: number) {
  let seen = 0;
  async function* counting() {
    for await (const row of rows) {
      if (++seen > most) throw tooMany(most);
      yield row;
    }
  }
  return { rows: counting(), soFar: () => seen };
}

function tooMany(most: number): MillraceError {
  return new MillraceError('SQL_TOO_MANY_ROWS', `The query gives more than ${most} rows.`, { pointer: '/maxRows' });
}
