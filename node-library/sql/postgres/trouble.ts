import { type ErrorCategory, type JsonObject, MillraceError } from '@millrace/contract';

/** An error of the server as the driver throws it (https://www.postgresql.org/docs/18/protocol-error-fields.html). */
interface ServerError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly constraint?: unknown;
  readonly table?: unknown;
  readonly column?: unknown;
  readonly position?: unknown;
}

type Meaning = readonly [pattern: RegExp, code: string, category: ErrorCategory, sentence: string];

/** SQLSTATEs and what they mean to a flow; the first that fits counts. */
const meanings: readonly Meaning[] = [
  [/^57014$/, 'SQL_TIMEOUT', 'transient', 'The statement took longer than the connection allows.'],
  [/^(08|57P)/, 'SQL_UNREACHABLE', 'transient', 'The database ended the connection.'],
  [/^(53|55P03)/, 'SQL_BUSY', 'transient', 'The database has no room or no time for the statement now.'],
  [/^40/, 'SQL_CONFLICT', 'transient', 'Another transaction was in the way of the statement.'],
  [/^28/, 'SQL_LOGIN_REFUSED', 'auth', 'The database refused the login.'],
  [/^42501$/, 'SQL_NOT_PERMITTED', 'auth', 'The connection’s role may not do this.'],
  [/^3D/, 'SQL_DATABASE_MISSING', 'validation', 'There is no such database on the server.'],
  [/^2500[16]$/, 'SQL_READ_ONLY', 'validation', 'A query may not write; use the node that executes statements.'],
  [/^23/, 'SQL_CONSTRAINT', 'validation', 'The data breaks a rule of the database.'],
  [/^22/, 'SQL_DATA', 'validation', 'A value does not fit the type or range that the statement needs.'],
];

const unknown: Meaning = [/^/, 'SQL_FAILED', 'server', 'The database could not carry out the statement.'];

/** What an operating system says when there is no way to a server. */
const network = /^(E(CONN|HOST|NET|PIPE|TIMEDOUT|AI_)|ENOTFOUND)/;

/**
 * An error of the driver or server as one of ours; anything else as it is. The server's own words are repeated only for
 * mistakes in the statement, which the author wrote: elsewhere they quote data.
 */
export function sqlError(thrown: unknown): unknown {
  if (thrown instanceof MillraceError || !(thrown instanceof Error)) return thrown;
  const { code, message } = thrown as ServerError;
  const state = String(code ?? '');
  if (/^[0-9A-Z]{5}$/.test(state) && 'severity' in thrown) return serverError(state, String(message), thrown);
  if (isCertificateTrouble(state, message)) return notTrusted(thrown);
  if (network.test(state) || /^(Connection terminated|Connection ended|timeout e)/i.test(String(message)))
    return unreachable(thrown);
  return thrown;
}

function serverError(state: string, message: string, cause: Error): MillraceError {
  const details = detailsOf(cause);
  // 08P01: the number of parameters is not the statement's.
  if (/^(42(?!501)|0A|21|34|44|55(?!P03)|08P01)/.test(state))
    return new MillraceError('SQL_STATEMENT_INVALID', `The database refuses the statement: ${message}.`, { details });
  const [, code, category, sentence] = meanings.find(([pattern]) => pattern.test(state)) ?? unknown;
  return new MillraceError(code, sentence, { category, details, cause });
}

function detailsOf(thrown: unknown): JsonObject {
  const { code, constraint, table, column, position } = (thrown ?? {}) as ServerError;
  const told = { sqlstate: code, constraint, table, column, position };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => typeof value === 'string')) as JsonObject;
}

function isCertificateTrouble(state: string, message: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(state) || /does not support SSL/.test(String(message));
}

function notTrusted(cause: unknown): MillraceError {
  const message =
    'No trusted encrypted connection to the database came about; its certificate is not as the connection says.';
  return new MillraceError('SQL_TLS_FAILED', message, { category: 'auth', cause });
}

function unreachable(cause: unknown): MillraceError {
  return new MillraceError(
    'SQL_UNREACHABLE',
    'The database cannot be reached, or broke the connection off; check host, port and encryption, and that it is running.',
    {
      category: 'transient',
      cause,
    },
  );
}

export function cancelled(): MillraceError {
  return new MillraceError('CANCELLED', 'The step was cancelled while it used the database.', {
    category: 'cancelled',
  });
}
