import { readJson } from '@millrace/contract';
import type { Kysely } from 'kysely';
import pg from 'pg';
import type { PoolUse } from '../metrics/metrics.ts';
import { isLostConnection } from './database-error.ts';
import { overConnection } from './one-connection.ts';
import { patience } from './patience.ts';

/**
 * A transaction in which only what the role and the named tenants allow can be seen. Statements that do not need each
 * other's answer may be asked for together; they are done in their order.
 */
export type Tx = Kysely<unknown>;

export interface Transactions {
  /** A transaction that sees exactly these tenants (ids), by row-level security. */
  asTenants<T>(tenants: readonly string[], work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction of the narrow role that finds work across tenants; it can read no payload and no secret. */
  asScanner<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface Ways extends Transactions {
  /**
   * Transactions whose statements are all asked for before the first of them is answered: they are sent together with the
   * end, and cost one round trip. What the work makes of the answers undoes nothing any more.
   * @throws {TypeError} where a statement is asked for later
   */
  readonly atOnce: Transactions;
}

export interface Database extends Ways {
  /**
   * Transactions in which every row is found by an index: for statements about few rows of tables that may be large. What
   * PostgreSQL plans while a table is nearly empty, to read it as a whole, it keeps to when there is a backlog.
   */
  readonly byIndex: Ways;
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
  /** After so long without an answer a statement counts as lost (a minute). */
  readonly patienceMs?: number;
  /**
   * A transaction of which nothing is heard for so long is ended by the server, with its locks; as long as `patienceMs`
   * where not given. A process that has fallen silent must not keep runs from others for longer than its leases last.
   */
  readonly silenceMs?: number;
}

/** Our own locks last for moments: who waits longer tries again by itself, without holding up those that came with it. */
const lockPatienceMs = 2_000;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.size ?? 10,
    application_name: options.name ?? 'millrace',
    lock_timeout: lockPatienceMs,
    ...patience(options.patienceMs),
    ...(options.silenceMs !== undefined && { idle_in_transaction_session_timeout: options.silenceMs }),
    options: '-c role=millrace_app -c timezone=UTC',
    types: jsonWithoutRounding,
  });
  // A connection that breaks is replaced by the pool, and a query under way rejects: the event itself needs no answer.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const opened = new WeakMap<pg.PoolClient, Line>();

  function lineOf(client: pg.PoolClient): Line {
    const known = opened.get(client) ?? openLine(client);
    opened.set(client, known);
    return known;
  }

  /** A connection on which an answer was lost is given up: it may still be waiting for that. */
  async function transaction<T>(setting: string, isAtOnce: boolean, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    const line = lineOf(client);
    let isLost = false;
    try {
      line.begin();
      const sentEnd = isAtOnce ? inThisGo(() => line.end()) : undefined;
      const result = await begun(client.query(`begin; ${setting}`), work(line.tx));
      const { command } = await (sentEnd ?? line.end());
      // So it answers where a statement has failed whose error nobody wanted to hear.
      if (command === 'ROLLBACK') throw new Error('The transaction had failed and was not committed.');
      return result;
    } catch (error) {
      isLost = isLostConnection(error);
      if (!isLost) await client.query('rollback').catch(() => (isLost = true));
      throw error;
    } finally {
      client.release(isLost);
    }
  }

  const transactions = (settings: string, isAtOnce: boolean): Transactions => ({
    asTenants(tenants, work) {
      if (!tenants.every((id) => uuid.test(id))) throw new TypeError('tenant ids are UUIDs');
      return transaction(`set local app.tenants = '{${tenants.join(',')}}'; ${settings}`, isAtOnce, work);
    },
    asScanner: (work) => transaction(`set local role millrace_scan; ${settings}`, isAtOnce, work),
  });
  const ways = (settings = ''): Ways => ({ ...transactions(settings, false), atOnce: transactions(settings, true) });

  return {
    ...ways(),
    byIndex: ways(
      ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((way) => `set local enable_${way} = off`).join('; '),
    ),
    async now() {
      const { rows } = await pool.query<{ now: Date }>('select millrace.now() as now');
      return (rows[0] as { now: Date }).now;
    },
    use: () => ({
      used: pool.totalCount - pool.idleCount,
      total: pool.totalCount,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  };
}

/** A connection, as transactions use it one after the other. */
interface Line {
  readonly tx: Tx;
  begin(): void;
  /** No statement is taken any more. */
  end(): Promise<pg.QueryResult>;
}

function openLine(client: pg.PoolClient): Line {
  let isOpen = false;
  return {
    tx: overConnection(client, () => isOpen),
    begin: () => {
      isOpen = true;
    },
    end: () => {
      isOpen = false;
      return client.query('commit');
    },
  };
}

/** Does it when all that can be asked for without an answer has been, and before that is sent. */
function inThisGo<T>(work: () => Promise<T>): Promise<T> {
  const done = new Promise<T>((resolve, reject) => process.nextTick(() => work().then(resolve, reject)));
  // Whoever broke off before does not wait for it.
  done.catch(() => undefined);
  return done;
}

/** The work's first statements are sent with the beginning. Nothing of it may be under way when it is given up. */
async function begun<T>(beginning: Promise<unknown>, work: Promise<T>): Promise<T> {
  const [began, done] = await Promise.allSettled([beginning, work]);
  if (began.status === 'rejected') throw began.reason;
  if (done.status === 'rejected') throw done.reason;
  return done.value;
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
