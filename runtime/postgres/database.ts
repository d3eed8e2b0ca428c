import { readJson } from '@millrace/contract';
import { Kysely, PostgresDialect, type PostgresDialectConfig, type PostgresPoolClient, sql } from 'kysely';
import pg from 'pg';
import type { PoolUse } from '../metrics/metrics.ts';
import { isLostConnection } from './database-error.ts';

/** A transaction in which only what the role and the named tenants allow can be seen. */
export type Tx = Kysely<unknown>;

export interface Transactions {
  /** A transaction that sees exactly these tenants (ids), by row-level security. */
  asTenants<T>(tenants: readonly string[], work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction of the narrow role that finds work across tenants; it can read no payload and no secret. */
  asScanner<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface Database extends Transactions {
  /**
   * Transactions in which every row is found by an index: for statements about few rows of tables that may be large. What
   * PostgreSQL plans while a table is nearly empty, to read it as a whole, it keeps to when there is a backlog.
   */
  readonly byIndex: Transactions;
  /** The database's clock, which tests can turn. */
  now(): Promise<Date>;
  /** Its connections, now. */
  use(): PoolUse;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections at most. */
  readonly size?: number;
  /** Shown in `pg_stat_activity`. */
  readonly name?: string;
  /** After so long without an answer a statement counts as lost (a minute): the other side may be gone without a word. */
  readonly patienceMs?: number;
}

/** Our own locks last for moments: who waits longer tries again by itself, without holding up those that came with it. */
const lockPatienceMs = 2_000;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { patienceMs = 60_000 } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: options.size ?? 10,
    application_name: options.name ?? 'millrace',
    keepAlive: true,
    connectionTimeoutMillis: patienceMs,
    statement_timeout: patienceMs,
    lock_timeout: lockPatienceMs,
    // The server ends a statement itself if it still can; a little later we do not listen any more.
    query_timeout: patienceMs + 1_000,
    idle_in_transaction_session_timeout: patienceMs,
    options: '-c role=millrace_app -c timezone=UTC',
    types: jsonWithoutRounding,
  });
  // A connection that breaks is replaced by the pool, and a query under way rejects: the event itself needs no answer.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });

  /** Begins and says whose in one round trip. */
  function transaction<T>(setting: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return db.connection().execute(async (tx) => {
      await sql.raw(`begin; ${setting}`).execute(tx);
      try {
        const result = await work(tx);
        await sql.raw('commit').execute(tx);
        return result;
      } catch (error) {
        if (!isLostConnection(error))
          await sql
            .raw('rollback')
            .execute(tx)
            .catch(() => undefined);
        throw error;
      }
    });
  }

  const transactions = (settings = ''): Transactions => ({
    asTenants(tenants, work) {
      if (!tenants.every((id) => uuid.test(id))) throw new TypeError('tenant ids are UUIDs');
      return transaction(`set local app.tenants = '{${tenants.join(',')}}'; ${settings}`, work);
    },
    asScanner: (work) => transaction(`set local role millrace_scan; ${settings}`, work),
  });

  return {
    ...transactions(),
    byIndex: transactions(
      ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((way) => `set local enable_${way} = off`).join('; '),
    ),
    async now() {
      const { rows } = await sql<{ now: Date }>`select millrace.now() as now`.execute(db);
      return (rows[0] as { now: Date }).now;
    },
    use: () => ({
      used: pool.totalCount - pool.idleCount,
      total: pool.totalCount,
      waiting: pool.waitingCount,
    }),
    close: () => db.destroy(),
  };
}

type KyselyPool = Exclude<PostgresDialectConfig['pool'], (...none: never) => unknown>;

/**
 * Statements are planned once a connection, not at every call; their texts are few and fixed. A connection on which an
 * answer was lost is given up: it may still be waiting for that.
 */
function preparing(pool: pg.Pool): KyselyPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      let isLost = false;
      const query = (text: string, values: unknown[] = []) =>
        values.length === 0 ? client.query(text) : client.query({ ...nameOf(text), text, values });
      return {
        async query(text: string, values?: unknown[]) {
          try {
            return await query(text, values);
          } catch (error) {
            isLost ||= isLostConnection(error);
            throw error;
          }
        },
        release: () => client.release(isLost),
      } as unknown as PostgresPoolClient;
    },
  };
}

const names = new Map<string, string>();
/** Should texts be made up without end after all, the further ones are not kept by the server. */
const mostNames = 500;

function nameOf(text: string): { name?: string } {
  const known = names.get(text);
  if (known !== undefined) return { name: known };
  if (names.size >= mostNames) return {};
  const name = `s${names.size}`;
  names.set(text, name);
  return { name };
}

const jsonOids = new Set<number>([pg.types.builtins.JSON, pg.types.builtins.JSONB]);
const bigintOid: number = pg.types.builtins.INT8;

/** JSON columns keep exact numbers; counts (`bigint`) are plain numbers. */
const jsonWithoutRounding: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (jsonOids.has(oid)) return (text: string) => readJson(text);
    if (oid === bigintOid) return Number;
    return pg.types.getTypeParser(oid, format);
  },
};
