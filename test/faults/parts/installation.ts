import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import type pg from 'pg';
import { readWholeFlow } from '../../../runtime/flows/folder.ts';
import { runProgram } from '../../bench/processes/program.ts';
import { type Caller, callerOf } from '../../bench/systems/call.ts';
import type { DatabaseServer } from './database-server.ts';
import { type Receiver, startReceiver } from './receiver-process.ts';
import { type Server, type ServerOptions, spawnServer, untilServes } from './server.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const flowsFolder = fileURLToPath(new URL('../flows', import.meta.url));

export interface InstallationOptions {
  readonly database: DatabaseServer;
  /** Server processes at the beginning. */
  readonly servers: number;
  readonly planted?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where servers reach the database, where that is not its own address. */
  readonly reachedAt?: (url: string) => string;
}

/** Servers over one database, with the receiver they send to and the flows of the fault tests deployed. */
export interface Installation {
  readonly name: string;
  /** For the role that owns the schema. */
  readonly databaseUrl: string;
  readonly receiver: Receiver;
  readonly key: string;
  /** Those that run, and those that are stopped by a signal; who kills one takes it out. */
  readonly servers: readonly Server[];
  /** Calls the API of the first server. */
  readonly api: Caller;
  /** Starts a further server. @param env settings of its own */
  add(env?: Readonly<Record<string, string>>): Promise<Server>;
  /** SIGKILL. */
  kill(server: Server): Promise<void>;
  /** Orders and signals go past the server from now on: it has ended, or stands still. */
  forget(server: Server): void;
  /** They go to it again. */
  remember(server: Server): void;
  /** Reads as superuser; the database must be there. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The one number that a query gives as `count`. */
  count(text: string, values?: readonly unknown[]): Promise<number>;
  /** What servers have logged as warnings and errors; for people. */
  log(): string;
  /** What senders were wronged by, noted while it happens; the books hold it against the engine. */
  readonly complaints: string[];
  /** Aborted when it is closed: whoever works with it ends. */
  readonly closing: AbortSignal;
  close(): Promise<void>;
}

/** Nothing was tried: the reason lies before the fault. */
export class ServerNotStarted extends Error {
  constructor(log: string) {
    super(`A server did not start: ${log}`);
  }
}

let count = 0;

export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { database, reachedAt = (url) => url } = options;
  const name = `faults_${process.pid}_${++count}`;
  const home = mkdtempSync(join(tmpdir(), 'millrace-faults-'));
  const url = await database.createDatabase(name);
  const receiver = await startReceiver(home);
  const servers: Server[] = [];
  const closing = new AbortController();
  const serving: ServerOptions = {
    databaseUrl: reachedAt(url),
    home,
    ...(options.planted !== undefined && { planted: options.planted }),
  };

  async function add(env: Readonly<Record<string, string>> = {}): Promise<Server> {
    const server = await spawnServer({ ...serving, env: { ...options.env, ...env } });
    servers.push(server);
    if (await untilServes(server)) return server;
    throw new ServerNotStarted(server.log().slice(-2000));
  }

  function forget(server: Server): void {
    const index = servers.indexOf(server);
    if (index >= 0) servers.splice(index, 1);
  }

  async function query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return database.asSuperuser(name, async (client) => (await client.query(text, [...values])).rows as Row[]);
  }

  async function close(): Promise<void> {
    closing.abort();
    await Promise.all([...servers].map((server) => server.end()));
    await receiver.stop();
    await database
      .asSuperuser('postgres', (client) => client.query(`drop database if exists ${name} with (force)`))
      .catch(() => undefined);
    rmSync(home, { recursive: true, force: true });
  }

  try {
    const key = (await createKey(url, home)).trim();
    await database.asSuperuser(name, (client) => runFile(client, 'audit.sql'));
    const starting = Array.from({ length: options.servers }, () => add());
    const [first] = await Promise.all(starting);
    const headers = { authorization: `Bearer ${key}` };
    const api: Caller = (...call) => callerOf(`${(servers[0] as Server).url}/api/v1`, headers)(...call);
    if (first) await deployFlows(api, receiver.url);
    const logs = () =>
      readdirSync(home)
        .filter((file) => file.startsWith('server-'))
        .map((file) => readFileSync(join(home, file), 'utf8'))
        .join('');
    return {
      name,
      databaseUrl: url,
      receiver,
      key,
      servers,
      api,
      add,
      forget,
      remember: (server) => void servers.push(server),
      query,
      count: async (text, values) => (await query<{ count: number }>(text, values))[0]?.count ?? 0,
      close,
      closing: closing.signal,
      complaints: [],
      log: logs,
      async kill(server) {
        forget(server);
        server.signal('SIGKILL');
        await server.ended;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs one of the SQL files beside this. */
export async function runFile(client: pg.Client, file: string): Promise<void> {
  await client.query(readFileSync(new URL(`./${file}`, import.meta.url), 'utf8'));
}

function createKey(databaseUrl: string, home: string): Promise<string> {
  mkdirSync(home, { recursive: true });
  const env = { ...plainEnvironment, DATABASE_URL: databaseUrl, MILLRACE_HOME: home, MILLRACE_LOG_LEVEL: 'warn' };
  const args = [commandLine, 'key', 'create', '--tenant', 'faults'];
  return runProgram({ command: process.execPath, args, cwd: root, env });
}

/** All that need no connections. */
async function deployFlows(api: Caller, sink: string): Promise<void> {
  for (const name of readdirSync(flowsFolder)) {
    const { flow } = readWholeFlow(join(flowsFolder, name));
    if (flow.connections !== undefined) continue;
    await deployFlow(api, name, flow.parameters === undefined ? {} : { parameters: { sink } });
  }
}

/** @param deployment its parameters, and ids of connections by slot */
export async function deployFlow(api: Caller, name: string, deployment: object): Promise<void> {
  const bundle = readWholeFlow(join(flowsFolder, name));
  await api('POST', '/flows', bundle);
  await api('POST', `/flows/${bundle.flow.id}/deploy`, deployment);
}
