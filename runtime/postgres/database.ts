import { readJson } from '@millrace/contract';
import type { Kysely } from 'kysely';
import pg from 'pg';
import type { PoolUse } from '../metrics/metrics.ts';
import type { Author } from './audit/author.ts';
import { isLostConnection } from './database-error.ts';
import { openLine } from './line.ts';
import { overConnection } from './one-connection.ts';
import { patience } from './patience.ts';
import { together } from './together.ts';

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
  /**
   * The same in the name of somebody: a transaction that has written something and has left no entry in the audit
   * (`noteChange`) does not commit.
   */
  by(author: Author): Database;
  /** In nobody's name again: for what comes with a change and is none, such as how a test went. */
  byItself(): Database;
  /** The same, unable to write. */
  reading(): Database;
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
  readonly silenceMs?: number | undefined;
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
  const opened = new WeakMap<pg.PoolClient, Session>();

  function sessionOf(client: pg.PoolClient): Session {
    const known = opened.get(client) ?? openSession(client);
    opened.set(client, known);
    return known;
  }

  /** A connection on which an answer was lost is given up: it may still be waiting for that. */
  async function transaction<T>(manner: Manner, work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    const session = sessionOf(client);
    let isLost = false;
    try {
      return await (manner.isAtOnce ? session.atOnce(manner, work) : session.stepByStep(manner, work));
    } catch (error) {
      isLost = isLostConnection(error);
      if (!isLost) await session.rollback().catch(() => (isLost = true));
      throw error;
    } finally {
      client.release(isLost);
    }
  }

  const transactions = (manner: Manner): Transactions => ({
    asTenants(tenants, work) {
      if (!tenants.every((id) => uuid.test(id))) throw new TypeError('tenant ids are UUIDs');
      return transaction(also(manner, { 'app.tenants': `{${tenants.join(',')}}` }), work);
    },
    asScanner: (work) => transaction(also(manner, { role: 'millrace_scan' }), work),
  });
  const ways = (manner: Manner): Ways => ({
    ...transactions(manner),
    atOnce: transactions({ ...manner, isAtOnce: true }),
  });

  /** @param own how it was before it got somebody's name */
  const inManner = (manner: Manner, own = manner): Database => ({
    ...ways(manner),
    byIndex: ways(also(manner, byIndex)),
    by: (author) =>
      inManner(
        { ...also(own, { 'app.author': JSON.stringify(author) }), atEnd: ['select millrace.require_audit()'] },
        own,
      ),
    byItself: () => inManner(own),
    reading: () => inManner(also(manner, { transaction_read_only: 'on' })),
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
  });

  return inManner({ settings: {}, atEnd: [], isAtOnce: false });
}

/** How a transaction is done. */
interface Manner {
  /** Settings of the server that hold for the transaction alone. */
  readonly settings: Readonly<Record<string, string>>;
  /** Statements before its end. */
  readonly atEnd: readonly string[];
  readonly isAtOnce: boolean;
}

function also(manner: Manner, settings: Manner['settings']): Manner {
  return { ...manner, settings: { ...manner.settings, ...settings } };
}

const byIndex = Object.fromEntries(
  ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((way) => [`enable_${way}`, 'off']),
);

type Transaction = <T>(manner: Manner, work: (tx: Tx) => Promise<T>) => Promise<T>;

/** A connection, as transactions use it one after the other. */
interface Session {
  readonly stepByStep: Transaction;
  /** What is sent as one message is a transaction by itself. */
  readonly atOnce: Transaction;
  /** Undoes what a transaction has done that was given up. */
  rollback(): Promise<unknown>;
}

function openSession(client: pg.PoolClient): Session {
  const line = openLine(client);
  let isOpen = false;
  const tx = overConnection(line, () => isOpen);
  const set = (settings: Manner['settings']) => line.ask(setText(Object.keys(settings)), Object.values(settings));
  const end = (statements: readonly string[]) => {
    isOpen = false;
    return together(statements.map((statement) => line.ask(statement)));
  };

  return {
    async stepByStep({ settings, atEnd }, work) {
      isOpen = true;
      const beginning = together([line.ask('begin'), set(settings)]);
      const result = await begun(beginning, work(tx));
      const ended = await end([...atEnd, 'commit']);
      // So it answers where a statement has failed whose error nobody wanted to hear.
      if (ended.at(-1)?.command === 'ROLLBACK') throw new Error('The transaction had failed and was not committed.');
      return result;
    },
    async atOnce({ settings, atEnd }, work) {
      isOpen = true;
      const ended = inThisGo(() => end(atEnd));
      const result = await begun(set(settings), work(tx));
      await ended;
      return result;
    },
    rollback() {
      isOpen = false;
      line.drop();
      return line.ask('rollback');
    },
  };
}

function setText(names: readonly string[]): string {
  return `select ${names.map((name, index) => `set_config('${name}', $${index + 1}, true)`).join(', ')}`;
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
