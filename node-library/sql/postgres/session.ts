import { durationMs, type Json, type JsonObject, MillraceError, type Network } from '@millrace/contract';
import pg from 'pg';
import type { PostgresConfig } from './config.ts';
import { cancelled, sqlError } from './trouble.ts';
import { exactTypes, parameter } from './values.ts';

/** One connection, used by one step. */
export interface Session {
  /** One statement; several in one text are refused by the protocol. */
  run(sql: string, parameters?: readonly Json[]): Promise<Outcome>;
}

export interface Outcome {
  /** The statement's command tag: `SELECT`, `INSERT`, `COMMIT` … */
  readonly command: string;
  /** Rows read, written or deleted. */
  readonly rowCount: number;
  readonly rows: readonly JsonObject[];
}

/** What a session is opened with. */
export interface Access {
  readonly signal: AbortSignal;
  readonly network: Pick<Network, 'resolve'>;
}

const connectMs = 10_000;

/**
 * Works on a connection of its own, and closes it. An abort cancels the running statement on the server.
 * @throws {MillraceError} `SQL_…` (see `trouble.ts`), `CANCELLED`
 */
export async function withSession<T>(
  config: PostgresConfig,
  { signal, network }: Access,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const options = optionsOf(config, await network.resolve(config.host));
  const client = new pg.Client(options);
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  broken.catch(() => undefined);
  client.on('error', breakOff);
  const abort = () => void cancelStatement(client, options).finally(() => breakOff(cancelled()));
  try {
    if (signal.aborted) throw cancelled();
    await client.connect();
    signal.addEventListener('abort', abort);
    return await Promise.race([work({ run: (sql, parameters) => run(client, sql, parameters) }), broken]);
  } catch (thrown) {
    throw signal.aborted ? cancelled() : sqlError(thrown);
  } finally {
    signal.removeEventListener('abort', abort);
    await client.end().catch(() => undefined);
  }
}

/** It connects to the address that was allowed; the certificate is checked against the name. */
function optionsOf(config: PostgresConfig, address: string): pg.ClientConfig {
  const { host, port = 5432, database, username: user, password, encryption, certificateAuthority: ca } = config;
  return {
    host: address,
    port,
    database,
    user,
    ...(password !== undefined && { password }),
    ssl: encryption === 'verified' && { rejectUnauthorized: true, servername: host, ...(ca !== undefined && { ca }) },
    connectionTimeoutMillis: connectMs,
    statement_timeout: durationMs(config.statementTimeout ?? 'PT30S'),
    application_name: 'millrace',
    options: '-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c bytea_output=hex -c extra_float_digits=1',
    types: exactTypes,
  };
}

async function run(client: pg.Client, sql: string, parameters: readonly Json[] = []): Promise<Outcome> {
  // The extended protocol takes exactly one statement, with or without parameters.
  const query = { text: sql, values: parameters.map(parameter), rowMode: 'array' as const, queryMode: 'extended' };
  const { command, rowCount, rows, fields } = await client.query<Json[]>(query);
  const names = fields.map(({ name }) => name);
  refuseTwins(names);
  return {
    command,
    rowCount: rowCount ?? 0,
    rows: rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] as Json]))),
  };
}

function refuseTwins(names: readonly string[]): void {
  const twin = names.find((name, at) => names.indexOf(name) !== at);
  if (twin === undefined) return;
  const message = `Two columns of the result are called “${twin}”; give one of them another name with “as”.`;
  throw new MillraceError('SQL_COLUMN_TWICE', message);
}

/** The protocol cancels by a second connection; a role may always cancel its own statements. */
async function cancelStatement(client: pg.Client, options: pg.ClientConfig): Promise<void> {
  const { processID } = client as unknown as { processID: number | null };
  const second = new pg.Client(options);
  second.on('error', () => undefined);
  try {
    await second.connect();
    await second.query('select pg_cancel_backend($1)', [processID]);
  } catch {
    // The server is not there to be told; it ends the statement when it finds the connection gone.
  } finally {
    await second.end().catch(() => undefined);
  }
}
