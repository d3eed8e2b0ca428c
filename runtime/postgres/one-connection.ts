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
import type pg from 'pg';

/**
 * Kysely over one connection, whose statements may be under way together: they are sent as they are asked for and done in
 * that order, so that some that do not need each other's answer cost one round trip. The client must be in pipeline mode.
 * @param isOpen whether a transaction is under way that takes statements still
 */
export function overConnection(client: pg.ClientBase, isOpen: () => boolean): Kysely<unknown> {
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driverOf(client, isOpen),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Transactions are begun and ended by `database.ts`. */
function driverOf(client: pg.ClientBase, isOpen: () => boolean): Driver {
  const connection: DatabaseConnection = {
    async executeQuery(query) {
      if (!isOpen()) throw new TypeError('the transaction has ended, and takes no statement any more');
      return execute(client, query);
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

async function execute<Row>(client: pg.ClientBase, { sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
  const { rows, rowCount, command } = await client.query({ ...nameOf(sql), text: sql, values: [...parameters] });
  return { rows: rows as Row[], ...(changes.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) };
}

const changes = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Statements are planned once a connection, not at every call; their texts are few and fixed. */
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
