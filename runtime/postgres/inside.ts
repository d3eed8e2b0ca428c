import { sql } from 'kysely';
import type { Database, Transactions, Tx } from './database.ts';

/**
 * The database as it is for whoever works inside a transaction: every transaction of a tenant that is asked for is this one,
 * so that what is otherwise done in many is done in one, all or nothing.
 */
export function inside(database: Database, tx: Tx): Database {
  const transactions: Transactions = { asTenants: (_tenants, work) => work(tx), asScanner: database.asScanner };
  const ways = { ...transactions, atOnce: transactions };
  const itself = () => same;
  const same: Database = { ...database, ...ways, byIndex: ways, by: itself, byItself: itself, reading: itself };
  return same;
}

/** Work of which nothing stays when it fails; the transaction goes on. */
export async function attempt<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`savepoint attempt`.execute(tx);
  try {
    const result = await work();
    await sql`release savepoint attempt`.execute(tx);
    return result;
  } catch (error) {
    await sql`rollback to savepoint attempt`.execute(tx);
    throw error;
  }
}

/** Does all of it and undoes it. */
export async function undone<T>(database: Database, tenant: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const done: T[] = [];
  const undo = Symbol('undo');
  await database
    .asTenants([tenant], async (tx) => {
      done.push(await work(tx));
      throw undo;
    })
    .catch((thrown: unknown) => {
      if (thrown !== undo) throw thrown;
    });
  return done[0] as T;
}
