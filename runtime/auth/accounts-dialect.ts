import { AsyncLocalStorage } from 'node:async_hooks';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresDialect,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import type { Tx } from '../postgres/database.ts';
import { together } from '../postgres/together.ts';

/** Where its tables are. */
export const accountsSchema = 'auth';
/** May do everything there, and nothing else. */
export const accountsRole = 'millrace_accounts';

/** The transaction of ours in which accounts are changed now. */
const joined = new AsyncLocalStorage<Tx>();

/** What better-auth does meanwhile it does in this transaction: all of it stays, or nothing. */
export function joining<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  return joined.run(tx, work);
}

/** PostgreSQL as better-auth uses it: over connections of its own, or inside a transaction of ours. */
export function accountsDialect(pool: pg.Pool): Dialect {
  const usual = new PostgresDialect({ pool });
  return {
    createAdapter: () => usual.createAdapter(),
    createIntrospector: (db) => usual.createIntrospector(db),
    createQueryCompiler: () => usual.createQueryCompiler(),
    createDriver: () => joiningDriver(usual.createDriver()),
  };
}

/** A transaction inside ours is a part of it that can be undone. */
function joiningDriver(usual: Driver): Driver {
  const either =
    (ours: string, its: 'commitTransaction' | 'rollbackTransaction') => async (connection: DatabaseConnection) => {
      if (connection instanceof Joined) await connection.ask(ours);
      else await usual[its](connection);
    };
  return {
    init: () => usual.init(),
    destroy: () => usual.destroy(),
    async acquireConnection() {
      const tx = joined.getStore();
      return tx ? new Joined(tx) : usual.acquireConnection();
    },
    async releaseConnection(connection) {
      if (!(connection instanceof Joined)) await usual.releaseConnection(connection);
    },
    async beginTransaction(connection, settings) {
      if (connection instanceof Joined) await connection.ask('savepoint accounts');
      else await usual.beginTransaction(connection, settings);
    },
    commitTransaction: either('release savepoint accounts', 'commitTransaction'),
    rollbackTransaction: either('rollback to savepoint accounts', 'rollbackTransaction'),
  };
}

/** Each statement is done by the role that may; they are sent together, so that no other comes in between. */
class Joined implements DatabaseConnection {
  readonly #tx: Tx;

  constructor(tx: Tx) {
    this.#tx = tx;
  }

  /** As our own role: what controls the transaction is taken where it has failed, too. */
  ask(text: string): Promise<unknown> {
    return this.#tx.executeQuery(CompiledQuery.raw(text));
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const [, result] = await together([
      this.ask(`set local role ${accountsRole}`),
      this.#tx.executeQuery<Row>(query as CompiledQuery<Row>),
      this.ask('set local role millrace_app'),
    ]);
    return result;
  }

  streamQuery(): never {
    throw new TypeError('accounts are not streamed');
  }
}
