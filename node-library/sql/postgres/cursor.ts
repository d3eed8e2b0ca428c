import type { Json, JsonObject } from '@millrace/contract';
import type { Session } from './session.ts';

const rowsAtOnce = 500;

/**
 * The rows of a query as they come, in a transaction that cannot write. A cursor takes queries only: other statements,
 * and data-modifying ones inside a query, are refused by the server.
 * @throws what the server says, as the driver throws it
 */
export async function* readRows(
  session: Session,
  sql: string,
  parameters: readonly Json[],
): AsyncGenerator<JsonObject> {
  await session.run('begin read only');
  await session.run(`declare millrace_rows no scroll cursor for ${sql}`, parameters);
  for (;;) {
    const { rows } = await session.run(`fetch ${rowsAtOnce} from millrace_rows`);
    yield* rows;
    if (rows.length < rowsAtOnce) break;
  }
  await session.run('commit');
}
