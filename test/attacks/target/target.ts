import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import type pg from 'pg';
import { runProgram } from '../../bench/processes/program.ts';
import type { DatabaseServer } from '../../faults/parts/database-server.ts';
import { spawnServer, untilServes } from '../../faults/parts/server.ts';
import { until } from '../../faults/parts/until.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const runPatienceMs = 60_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON, read without care for long numbers; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: attacks look into answers of every shape
  readonly json: any;
}

export type Body = RequestInit['body'] | object;
export type SentHeaders = Readonly<Record<string, string>>;

/** A run that is over, as the API tells it. */
export interface Ended {
  readonly id: string;
  readonly status: string;
  /** Code of its error; empty where it has none. */
  readonly code: string;
  /** The whole answer, with every digit. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: attacks look into answers of every shape
  readonly output: any;
}

/** A running instance with a tenant of its own, as others reach it: by HTTP alone. */
export interface Target {
  readonly url: string;
  readonly port: number;
  /** The API key that `call` shows. */
  readonly key: string;
  /** Folder of the instance. */
  readonly home: string;
  /** @param body an object goes as JSON, anything else as it is */
  call(method: string, path: string, body?: Body, headers?: SentHeaders): Promise<Answer>;
  /** To a webhook of the tenant, without the key. */
  send(path: string, body: Body, headers?: SentHeaders): Promise<Answer>;
  /** Waits for the end of a run. */
  endOf(run: string): Promise<Ended>;
  /** What the server has logged so far. */
  log(): string;
  /** Why it does not serve any more; undefined where it does. */
  trouble(): Promise<string | undefined>;
  asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly database: DatabaseServer;
  readonly name: string;
  /** Settings of the instance. */
  readonly env: SentHeaders;
}

const tenant = 'attacked';

/** @throws where the server does not start, with what it has logged */
export async function openTarget({ database, name, env }: TargetOptions): Promise<Target> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-attacks-'));
  const databaseUrl = await database.createDatabase(name);
  const key = await createKey(databaseUrl, home);
  const server = await spawnServer({ databaseUrl, home, env });
  if (!(await untilServes(server))) throw new Error(`The server did not start: ${server.log().slice(-2000)}`);
  const { url, port } = server;

  const call: Target['call'] = (method, path, body, headers = {}) =>
    request(`${url}/api/v1${path}`, method, body, { 'x-api-key': key, ...headers });

  async function endOf(run: string): Promise<Ended> {
    let answer = await call('GET', `/runs/${run}`);
    await until('a run ends', runPatienceMs, async () => {
      answer = await call('GET', `/runs/${run}`);
      return answer.json?.finishedAt != null;
    });
    const { status, error, output } = answer.json;
    return { id: run, status, code: error?.code ?? '', text: answer.text, output };
  }

  return {
    url,
    port,
    key,
    home,
    call,
    endOf,
    send: (path, body, headers = {}) => request(`${url}/hooks/${tenant}/${path}`, 'POST', body, headers),
    log: () => server.log(),
    async trouble() {
      if (server.hasEnded()) return `the server has ended: ${server.log().slice(-300)}`;
      const { json, text } = await call('POST', '/evaluate', { expression: '$sum([1, 2])', input: null });
      return json?.result === 3 ? undefined : `afterwards it does not evaluate: ${text.slice(0, 300)}`;
    },
    asSuperuser: (work) => database.asSuperuser(name, work),
    async close() {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function createKey(databaseUrl: string, home: string): Promise<string> {
  const env = { ...plainEnvironment, DATABASE_URL: databaseUrl, MILLRACE_HOME: home, MILLRACE_LOG_LEVEL: 'warn' };
  const args = [commandLine, 'key', 'create', '--tenant', tenant];
  return (await runProgram({ command: process.execPath, args, cwd: root, env })).trim();
}

/** Sends, and reads the whole answer. */
async function request(url: string, method: string, body: Body, headers: SentHeaders): Promise<Answer> {
  const isData = body !== null && typeof body === 'object' && Object.getPrototypeOf(body) === Object.prototype;
  const sent: RequestInit = {
    method,
    redirect: 'manual',
    headers: { ...(isData && { 'content-type': 'application/json' }), ...headers },
    body: (isData ? JSON.stringify(body) : (body ?? null)) as NonNullable<RequestInit['body']> | null,
  };
  const answer = await fetch(url, sent);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
