/*
 * What an error of the database means for what was to be written, by its SQLSTATE (PostgreSQL's manual, appendix A) or
 * by what the socket and the driver say.
 */

/**
 * The connection is gone: whether a commit under way has happened is not known. The server ends a transaction, with its
 * connection, of which nothing is heard (25P03); what is asked afterwards is told that the client is not queryable.
 */
export function isLostConnection(error: unknown): boolean {
  const { code, message } = partsOf(error);
  return (
    /^(08|25P03|57P|E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_))/.test(code) ||
    /Connection terminated|not queryable|connection timeout|Connection ended|Query read timeout|timeout exceeded when trying to connect/i.test(
      message,
    )
  );
}

/**
 * Nothing was written, and the same may succeed a moment later: conflicts with others (40), a lock that was not had in
 * time (55P03), a statement that took too long (57014), no memory, disk or connection left (53), trouble with a file (58).
 */
export function isPassing(error: unknown): boolean {
  return /^(40|53|55P03|57014|58)/.test(partsOf(error).code);
}

/** Data that it cannot take (22), that breaks a rule (23), or that is too large (54): it would be refused again every time. */
export function isRefusedData(error: unknown): boolean {
  return error instanceof RangeError || /^(22|23|54)/.test(partsOf(error).code);
}

function partsOf(error: unknown): { readonly code: string; readonly message: string } {
  const { code = '', message = '' } = (error ?? {}) as { code?: unknown; message?: unknown };
  return { code: String(code), message: String(message) };
}
