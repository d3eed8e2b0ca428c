import type pg from 'pg';

/** After so long without an answer a statement counts as lost: the other side may be gone without a word. */
const usualPatienceMs = 60_000;

/**
 * How long a connection waits for the other side: to be taken up, for the answer to a statement, and on the server for the
 * rest of a transaction. In pipeline mode the driver closes a connection on which an answer was lost; otherwise it would
 * go back to its pool, and whoever takes it next would wait behind that answer.
 */
export function patience(ms: number = usualPatienceMs): pg.ClientConfig {
  return {
    keepAlive: true,
    pipeline: true,
    connectionTimeoutMillis: ms,
    statement_timeout: ms,
    // The server ends a statement itself if it still can; a little later we do not listen any more.
    query_timeout: ms + 1_000,
    idle_in_transaction_session_timeout: ms,
  };
}
