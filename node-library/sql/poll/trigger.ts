import {
  Duration,
  defineTrigger,
  durationMs,
  type Json,
  type JsonObject,
  MillraceError,
  type PollContext,
  writeJson,
} from '@millrace/contract';
import Type, { type Static } from 'typebox';
import type { PostgresConfig } from '../postgres/config.ts';
import { readRows } from '../postgres/cursor.ts';
import { withSession } from '../postgres/session.ts';
import { Row, statement } from '../statement.ts';

const Column = (title: string, description: string, example: string) =>
  Type.String({ title, description, minLength: 1, maxLength: 63, examples: [example] });

const PollConfig = Type.Object(
  {
    sql: statement(
      'Query for what is new, ordered by the cursor column; $1 is the cursor of the last row that was taken.',
      'select id, sku, quantity, changed_at from stock where changed_at > $1 order by changed_at, id',
    ),
    cursorColumn: Column('Cursor column', 'Column of the result that grows with every change.', 'changed_at'),
    eventIdColumn: Type.Optional(
      Column(
        'Event id column',
        'Column whose value names one change: the same value is taken once. Left empty: the cursor column.',
        'change_id',
      ),
    ),
    start: Type.Optional(
      Type.Union([Type.String({ maxLength: 200 }), Type.Number()], {
        title: 'Start',
        description: '$1 of the first query; null where left empty.',
        examples: ['2026-01-01T00:00:00Z'],
      }),
    ),
    every: Type.Optional(
      Duration({
        title: 'Every',
        description: 'Pause between two looks.',
        default: 'PT2S',
        examples: ['PT2S'],
      }),
    ),
  },
  { additionalProperties: false },
);
type PollConfig = Static<typeof PollConfig>;

export default defineTrigger<typeof PollConfig, PostgresConfig>({
  id: 'sql/poll',
  version: 1,
  title: 'Rows of a table',
  summary: 'Starts a run for every new or changed row of a PostgreSQL database.',
  docs: `The query is asked again and again, with the cursor of the last row as \`$1\`; each row starts a run. The cursor is kept
when the runs of its rows are durable: after a crash rows may be read twice, and are recognised by the event id.

Rows with equal cursors are taken together. A transaction that commits late can bring a row with a smaller cursor than one
already seen; where that can happen, look back a little (\`where changed_at > $1::timestamptz - interval '1 minute'\`) and name an
event id column: what was taken before is not taken again.`,
  icon: 'database-import',
  connection: 'sql/postgres',
  config: PollConfig,
  outputs: { out: Row },
  activation: ({ every = 'PT2S' }) => ({ kind: 'source', everyMs: durationMs(every) }),
  examples: [
    {
      title: 'Every change of a stock starts a run',
      config: {
        sql: 'select change_id, sku, quantity from stock_changes where change_id > coalesce($1, 0) order by change_id',
        cursorColumn: 'change_id',
        every: 'PT1S',
      },
      payload: { change_id: 1, sku: 'A-1', quantity: 40 },
    },
  ],
  poll: (config, ctx) =>
    withSession(ctx.connection.config, { signal: ctx.signal, network: ctx.connection.network }, async (session) => {
      const from = ctx.cursor ?? config.start ?? null;
      await takeAll(readRows(session, config.sql, [from]), config, ctx);
    }),
});

/** The cursor is kept where its value changes: rows with the same one are never half taken. */
async function takeAll(rows: AsyncIterable<JsonObject>, config: PollConfig, ctx: PollContext): Promise<void> {
  let last: Json | undefined;
  for await (const row of rows) {
    const cursor = valueIn(row, config.cursorColumn, '/cursorColumn');
    if (last !== undefined && !isSame(last, cursor)) await ctx.saveCursor(last);
    await take(row, config, ctx);
    last = cursor;
  }
  if (last !== undefined) await ctx.saveCursor(last);
}

async function take(row: JsonObject, { cursorColumn, eventIdColumn }: PollConfig, ctx: PollContext): Promise<void> {
  const id = valueIn(row, eventIdColumn ?? cursorColumn, eventIdColumn ? '/eventIdColumn' : '/cursorColumn');
  const eventId = typeof id === 'string' ? id : writeJson(id);
  await ctx.accept({
    payload: row,
    eventId,
    source: `${ctx.connection.name}, ${eventIdColumn ?? cursorColumn} ${eventId}`,
  });
}

function valueIn(row: JsonObject, column: string, pointer: string): Json {
  const value = row[column];
  if (value !== undefined && value !== null) return value;
  const why = value === null ? 'is null in a row' : 'is not in the result';
  throw new MillraceError('SQL_COLUMN_MISSING', `The column “${column}” ${why}.`, { pointer });
}

function isSame(one: Json, other: Json): boolean {
  return writeJson(one) === writeJson(other);
}
