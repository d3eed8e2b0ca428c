import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Line } from './line.ts';

/**
 * Kysely over one connection, whose statements may be under way together: those that do not need each other's answer cost
 * one round trip.
 * @param isOpen whether a transaction is under way that takes statements still
 */
export function overConnection(line: Line, isOpen: () => boolean): Kysely<unknown> {
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driverOf(line, isOpen),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Transactions are begun and ended by `database.ts`. */
function driverOf(line: Line, isOpen: () => boolean): Driver {
  const connection: DatabaseConnection = {
    async executeQuery(query) {
      if (!isOpen()) throw new TypeError('the transaction has ended, and takes no statement any more');
      return execute(line, query);
    },
    streamQuery: refuse,
  };
  const nothing = async () => undefined;
  return {
    init: nothing,
    acquireConnection: async () => connection,
    releaseConnection: nothing,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: nothing,
  };
}

function refuse(): never {
  throw new TypeError('a transaction is one already, and streams nothing');
}

async function execute<Row>(line: Line, { sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
  const { rows, count, command } = await line.ask(sql, parameters);
  return { rows: rows as unknown as Row[], ...(changes.has(command) && { numAffectedRows: BigInt(count) }) };
}

const changes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
