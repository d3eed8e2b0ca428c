import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';
import { whileLocked } from './lock.ts';
import { livePostmaster } from './postmaster.ts';
import { createScratchCluster } from './scratch.ts';

const homes: string[] = [];
const started: EmbeddedPostgres[] = [];

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'millrace home with blanks '));
  homes.push(home);
  return home;
}

async function startAt(home: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ home });
  started.push(server);
  return server;
}

/** With a way to wait for what it tells. */
async function startTelling(home: string): Promise<{ url: string; told(pattern: RegExp): Promise<unknown> }> {
  const lines = new EventEmitter();
  const said: string[] = [];
  lines.on('line', (line: string) => said.push(line));
  const server = await startEmbeddedPostgres({ home, log: (line) => lines.emit('line', line) });
  started.push(server);
  const told = async (pattern: RegExp) => {
    while (!said.some((line) => pattern.test(line))) await once(lines, 'line');
  };
  return { url: server.url, told };
}

const clusterOf = (home: string): string => JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')).folder;
const dataOf = (home: string) => join(clusterOf(home), 'data');

/** Another process that uses a server, once it does. */
async function holder(...args: string[]): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'holder.fixture.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { url: String(url).trim(), process: child };
}

async function killHard({ process: child }: { process: ChildProcess }): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** The server itself, as the system does it when memory is short. */
async function killPostmaster(home: string): Promise<void> {
  const postmaster = await livePostmaster(dataOf(home));
  process.kill(postmaster?.pid ?? 0, 'SIGKILL');
  while (postmaster?.pid === (await livePostmaster(dataOf(home)))?.pid) await setImmediate();
}

/** Another program listens where the server was, before the server can come back. */
async function killAndTakePort(home: string, url: string): Promise<{ leave(): Promise<void> }> {
  const program = await whileLocked(join(home, 'postgres.lock'), async () => {
    await killPostmaster(home);
    return listenOnceFree(Number(new URL(url).port));
  });
  return {
    async leave() {
      program.close();
      await once(program, 'close');
    },
  };
}

/** A process that has ended for all who ask may still hold its port for a moment. */
async function listenOnceFree(port: number): Promise<Server> {
  for (;;) {
    const server = createServer().listen(port, '127.0.0.1');
    const isListening = await once(server, 'listening').then(
      () => true,
      ({ code }: NodeJS.ErrnoException) => code !== 'EADDRINUSE' && Promise.reject(code),
    );
    if (isListening) return server;
    await setImmediate();
  }
}

/** Asks again for as long as there is no answer. */
async function insisting(url: string, sql: string): Promise<unknown[]> {
  for (;;) {
    const rows = await query(url, sql).catch(() => undefined);
    if (rows) return rows;
    await delay(50);
  }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(sql).finally(() => client.end());
  return rows;
}

afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
  for (const home of homes.splice(0)) {
    expect(await livePostmaster(dataOf(home))).toBeUndefined();
    await rm(clusterOf(home), { recursive: true });
    await rm(home, { recursive: true, force: true });
  }
});

describe('R-X7 the built-in PostgreSQL of an instance', () => {
  test('is PostgreSQL 18 over a folder of its own, for a role that row-level security holds for', async () => {
    const home = newHome();
    const { url } = await startAt(home);
    expect(new URL(url)).toMatchObject({ hostname: '127.0.0.1', pathname: '/millrace' });
    const [facts] = await query(
      url,
      `select current_setting('server_version_num')::int / 10000 as major, current_setting('server_encoding') as encoding,
              current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync, rolsuper
       from pg_roles where rolname = current_user`,
    );
    expect(facts).toEqual({ major: 18, encoding: 'UTF8', commit: 'on', fsync: 'on', rolsuper: false });
    expect(statSync(join(home, 'postgres.json')).mode & 0o777).toBe(0o600);
  });

  test('keeps its data and its address from start to start', async () => {
    const home = newHome();
    const first = await startEmbeddedPostgres({ home });
    await query(first.url, 'create table kept as select 7 as number');
    await first.stop();
    const second = await startAt(home);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select number from kept')).toEqual([{ number: 7 }]);
  });

  test('outlives a hard kill of its user, and the next start joins it', async () => {
    const home = newHome();
    const killed = await holder('embedded', home);
    const before = await livePostmaster(dataOf(home));
    await killHard(killed);
    const { url } = await startAt(home);
    expect(url).toBe(killed.url);
    expect(await livePostmaster(dataOf(home))).toEqual(before);
  });

  test('recovers what was committed when it was itself killed hard', async () => {
    const home = newHome();
    const { url } = await startAt(home);
    await query(url, 'create table kept as select 7 as number');
    await killPostmaster(home);
    const again = await startAt(home);
    expect(await query(again.url, 'select number from kept')).toEqual([{ number: 7 }]);
  });

  test('comes back at its address although everything was killed hard and a busy query did not notice', async () => {
    const home = newHome();
    const killed = await holder('embedded', home);
    const busy = new pg.Client(killed.url);
    busy.on('error', () => undefined);
    await busy.connect();
    await busy.query('set statement_timeout = 0');
    const endless = busy.query('select count(*) from generate_series(1, 100000000000)').catch(() => 'cut');
    await killHard(killed);
    await killPostmaster(home);
    const { url } = await startAt(home);
    expect(url).toBe(killed.url);
    expect(await query(url, 'select 1 as number')).toEqual([{ number: 1 }]);
    expect(await endless).toBe('cut');
  });

  test('is brought back at its address by those who use it, however often it is killed, with what was committed', async () => {
    const home = newHome();
    const other = await holder('embedded', home);
    const { url } = await startAt(home);
    await query(url, 'create table kept as select 7 as number');
    for (let time = 0; time < 3; time++) {
      await killPostmaster(home);
      expect(await insisting(url, 'select number from kept')).toEqual([{ number: 7 }]);
    }
    await killHard(other);
    await killPostmaster(home);
    expect(await insisting(url, 'select number from kept')).toEqual([{ number: 7 }]);
  });

  test('is not brought back elsewhere, but waits until another program leaves its port', async () => {
    const home = newHome();
    const { url, told } = await startTelling(home);
    const stranger = await killAndTakePort(home, url);
    await told(/has taken its port/);
    await stranger.leave();
    await told(/is back/);
    expect(await query(url, 'select 1 as number')).toEqual([{ number: 1 }]);
  });

  test('moves for a new start where another program stays on its port, and tells those who know the old address', async () => {
    const home = newHome();
    const { url, told } = await startTelling(home);
    const stranger = await killAndTakePort(home, url);
    const moved = await startAt(home);
    expect(moved.url).not.toBe(url);
    expect(await query(moved.url, 'select 1 as number')).toEqual([{ number: 1 }]);
    await told(/start this process again/);
    await stranger.leave();
  });

  test('is not taken for running because another process has its number by now', async () => {
    const home = newHome();
    const first = await startEmbeddedPostgres({ home });
    await first.stop();
    writeFileSync(
      join(dataOf(home), 'postmaster.pid'),
      [process.pid, dataOf(home), 0, 5432, '', '', '', 'ready'].join('\n'),
    );
    const { url } = await startAt(home);
    expect(await query(url, 'select 1 as number')).toEqual([{ number: 1 }]);
  });

  test('is one server for all who start it at once, and stops with the last of them', async () => {
    const home = newHome();
    const [other, ...ours] = await Promise.all([holder('embedded', home), startAt(home), startAt(home)]);
    expect(new Set([other.url, ...ours.map(({ url }) => url)]).size).toBe(1);
    for (const server of started.splice(0)) await server.stop();
    expect(await query(other.url, 'select 1 as number')).toEqual([{ number: 1 }]);
    await killHard(other);
    await startAt(home);
  });

  test('is left running while somebody else is connected', async () => {
    const home = newHome();
    const server = await startEmbeddedPostgres({ home });
    const somebody = new pg.Client(server.url);
    await somebody.connect();
    await server.stop();
    expect((await somebody.query('select 1 as number')).rows).toEqual([{ number: 1 }]);
    await somebody.end();
    await startAt(home);
  });
});

describe('a scratch cluster', () => {
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('millrace-scratch-'));
  const folderOf = async (url: string) => {
    const [row] = (await query(url, 'select inet_server_port() as port')) as {
      port: number;
    }[];
    return folders().find((name) => {
      const settings = join(tmpdir(), name, 'cluster', 'data', 'millrace.conf');
      return existsSync(settings) && readFileSync(settings, 'utf8').includes(`port = '${row?.port}'`);
    });
  };

  test('is gone with its folder when it is stopped', async () => {
    const cluster = await createScratchCluster();
    const folder = await folderOf(cluster.url);
    expect(folder).toBeDefined();
    await cluster.stop();
    expect(folders()).not.toContain(folder);
  });

  test('is cleaned up by the next one when its maker was killed, and not before', async () => {
    const maker = await holder('scratch');
    const folder = await folderOf(maker.url);
    const beside = await createScratchCluster();
    expect(await query(maker.url, 'select 1 as number')).toEqual([{ number: 1 }]);
    await killHard(maker);
    const next = await createScratchCluster();
    expect(folders()).not.toContain(folder);
    await beside.stop();
    await next.stop();
  });
});
