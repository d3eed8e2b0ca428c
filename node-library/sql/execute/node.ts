import {
  AnyJson,
  defineNode,
  emit,
  type Json,
  type JsonObject,
  MillraceError,
  type NodeContext,
} from '@millrace/contract';
import Type from 'typebox';
import type { PostgresConfig } from '../postgres/config.ts';
import { type Session, withSession } from '../postgres/session.ts';
import { Row } from '../statement.ts';
import { ExecuteConfig } from './config.ts';
import { asKeyTable, remember, remembered } from './key-table.ts';

/** Rows that a statement's `returning` may hand on. */
const mostReturned = 10_000;

export default defineNode<typeof ExecuteConfig, PostgresConfig>({
  id: 'sql/execute',
  version: 1,
  title: 'SQL statement',
  summary: 'Writes into a PostgreSQL database, in one transaction.',
  docs: `Data reaches the statement only as \`$1\`, \`$2\` …; its text takes no expressions. With a batch it runs once for each
parameter list, in one transaction: all or none. What \`returning\` gives is handed on as rows.

If the answer to the commit is lost, nobody knows whether the write happened. Three ways out: a statement that may be
repeated (\`on conflict … do nothing\`) with \`whenUnknown: retry\`; a **key table** in that database, in which each write leaves
its key in the same transaction, so that a repeat does nothing and gives the first result again; or to stop with
\`OUTCOME_UNKNOWN\`, which is what happens otherwise. Make the key table once:
\`create table millrace_once (key text primary key, result json not null, at timestamptz default now())\`.`,
  icon: 'database-edit',
  connection: 'sql/postgres',
  config: ExecuteConfig,
  input: AnyJson,
  outputs: { out: Type.Object({ rowCount: Type.Integer(), rows: Type.Array(Row) }) },
  effect: 'unsafe-write',
  examples: [
    {
      title: 'An order is stored once, however often it comes',
      config: {
        sql: "insert into orders (id, customer, total, state) values ($1, $2, $3, 'OPEN') on conflict (id) do nothing",
        parameters: ['{% id %}', '{% customer %}', '{% total %}'],
        whenUnknown: 'retry',
      },
      input: { id: 7, customer: 'Vinhuset', total: 99.5 },
      expect: { port: 'out', data: { rowCount: 1, rows: [] } },
    },
    {
      title: 'Lines are written together, and their ids handed on',
      config: {
        sql: 'insert into order_lines (order_id, sku) values ($1, $2) returning sku',
        batch: '{% $list(lines, function($line) { [1, $line.sku] }) %}',
        keyTable: 'millrace_once',
      },
      input: { lines: [{ sku: 'A' }, { sku: 'B' }] },
      expect: { port: 'out', data: { rowCount: 2, rows: [{ sku: 'A' }, { sku: 'B' }] } },
    },
    {
      title: 'Data that breaks a rule of the database fails the step',
      config: { sql: 'insert into order_lines (order_id, sku) values ($1, $2)', parameters: [999, 'A'] },
      input: null,
      expect: { error: 'SQL_CONSTRAINT' },
    },
  ],
  async run(_input, config, ctx) {
    const parameterLists = parameterListsOf(config);
    const mayRepeat = config.keyTable !== undefined || config.whenUnknown === 'retry';
    if (ctx.repeated && !mayRepeat) throw outcomeUnknown();
    return emit('out', await write(config, parameterLists, ctx, mayRepeat));
  },
});

function parameterListsOf({ parameters, batch }: ExecuteConfig): readonly (readonly Json[])[] {
  if (parameters && batch)
    throw new MillraceError('SQL_PARAMETERS_TWICE', 'Give either parameters or a batch, not both.', {
      pointer: '/batch',
    });
  return (batch ?? [parameters ?? []]) as readonly (readonly Json[])[];
}

async function write(
  { sql, keyTable }: ExecuteConfig,
  parameterLists: readonly (readonly Json[])[],
  ctx: NodeContext<PostgresConfig>,
  mayRepeat: boolean,
): Promise<JsonObject> {
  let committing = false;
  const work = async (session: Session): Promise<JsonObject> => {
    await session.run('begin');
    const table = keyTable === undefined ? undefined : asKeyTable(keyTable);
    const earlier = table && (await remembered(session, table, ctx.idempotencyKey()));
    const result = earlier ?? (await runAll(session, sql, parameterLists));
    if (table && !earlier) await remember(session, table, ctx.idempotencyKey(), result);
    committing = true;
    await session.run('commit');
    return result;
  };
  try {
    return await withSession(ctx.connection.config, { signal: ctx.signal, network: ctx.connection.network }, work);
  } catch (thrown) {
    if (committing && !mayRepeat && isWithoutAnswer(thrown)) throw outcomeUnknown();
    throw thrown;
  }
}

async function runAll(
  session: Session,
  sql: string,
  parameterLists: readonly (readonly Json[])[],
): Promise<JsonObject> {
  let rowCount = 0;
  const rows: JsonObject[] = [];
  for (const parameters of parameterLists) {
    const outcome = await session.run(sql, parameters);
    refuseTransactionControl(outcome.command);
    rowCount += outcome.rowCount;
    rows.push(...outcome.rows);
    if (rows.length > mostReturned)
      throw new MillraceError('SQL_TOO_MANY_ROWS', `The statement returns more than ${mostReturned} rows.`);
  }
  return { rowCount, rows };
}

/** Seen at the first statement of the transaction, before anything is written that it could commit. */
function refuseTransactionControl(command: string): void {
  if (!/^(BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PREPARE)/.test(command)) return;
  const message = 'The step has a transaction of its own; a statement that begins or ends one cannot be used.';
  throw new MillraceError('SQL_TRANSACTION_CONTROL', message, { pointer: '/sql' });
}

function isWithoutAnswer(thrown: unknown): boolean {
  return thrown instanceof MillraceError && ['SQL_UNREACHABLE', 'CANCELLED'].includes(thrown.code);
}

/** Not tried again by itself: whoever looks into it decides. */
function outcomeUnknown(): MillraceError {
  const message = 'The statement may or may not have been committed; look into the database before it is run again.';
  return new MillraceError('OUTCOME_UNKNOWN', message);
}
