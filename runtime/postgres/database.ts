import { readJson } from '@millrace/contract';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';

/** A transaction in which only what the role and the named tenants allow can be seen. */
export type Tx = Transaction<unknown>;

export interface Database {
  /** A transaction that sees exactly these tenants (ids), by row-level security. */
  asTenants<T>(tenants: readonly string[], work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction of the narrow role that finds work across tenants; it can read no payload and no secret. */
  asScanner<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The database's clock, which tests can turn. */
  now(): Promise<Date>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections at most. */
  readonly size?: number;
  /** Shown in `pg_stat_activity`. */
  readonly name?: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.size ?? 10,
    application_name: options.name ?? 'millrace',
    options: '-c role=millrace_app -c timezone=UTC',
    types: jsonWithoutRounding,
  });
  // A connection that breaks is replaced by the pool, and a query under way rejects: the event itself needs no answer.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });

  return {
    asTenants(tenants, work) {
      if (!tenants.every((id) => uuid.test(id))) throw new TypeError('tenant ids are UUIDs');
      const setting = sql.raw(`set local app.tenants = '{${tenants.join(',')}}'`);
      return db.transaction().execute(async (tx) => {
        await setting.execute(tx);
        return work(tx);
      });
    },
    asScanner(work) {
      return db.transaction().execute(async (tx) => {
        await sql.raw('set local role millrace_scan').execute(tx);
        return work(tx);
      });
    },
    async now() {
      const { rows } = await sql<{ now: Date }>`select millrace.now() as now`.execute(db);
      return (rows[0] as { now: Date }).now;
    },
    close: () => db.destroy(),
  };
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
