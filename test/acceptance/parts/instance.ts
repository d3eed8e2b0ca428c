import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { commandLine } from '@millrace/testing/command-line';
import { freePort } from '@millrace/testing/free-port';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { insist } from './insist.ts';

/** `millrace serve` with its built-in PostgreSQL, in a folder of its own, as anybody would run it. */
export interface Instance {
  readonly url: string;
  readonly home: string;
  /** Key of the tenant `acceptance`. */
  readonly key: string;
  /** A key of another tenant. */
  createKey(tenant: string): Promise<string>;
  /** Of the server. */
  pid(): number;
  /** `millrace …` beside it, in its folder and with its settings. */
  millrace(...args: readonly string[]): Promise<Ended>;
  /** Starts it; resolves when it answers and reaches its database. */
  start(): Promise<void>;
  /** Begins to start it and does not wait. */
  begin(): void;
  /** SIGKILL to the server, what it has started, and every process of PostgreSQL; answers how many that were. */
  killAll(): Promise<number>;
  /** Kills everything and removes it. */
  remove(): Promise<void>;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface InstancePlan {
  /** Where its PostgreSQL keeps its data, where that is to be another place than usual. */
  readonly postgresFolder?: string;
  /** That of an instance whose database is to be brought here: nothing is made. */
  readonly key?: string;
}

export async function openInstance({ postgresFolder, key: known }: InstancePlan = {}): Promise<Instance> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-acceptance-'));
  if (postgresFolder !== undefined) keepPostgresIn(postgresFolder, join(home, '.millrace'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...plainEnvironment,
    MILLRACE_HOME: join(home, '.millrace'),
    MILLRACE_DEMO: 'false',
    MILLRACE_LOG_LEVEL: 'warn',
    PORT: String(port),
  };
  let server: ReturnType<typeof spawn> | undefined;

  function begin(): void {
    const log = openSync(join(home, 'serve.log'), 'a');
    server = spawn(process.execPath, [commandLine, 'serve'], {
      cwd: home,
      env,
      detached: true,
      stdio: ['ignore', log, log],
    });
  }

  /** The server with what it has started, and then, lest it brings PostgreSQL back, every process of that. */
  function everything(): number[] {
    return [...(server?.pid === undefined ? [] : groupOf(server.pid)), ...serversOver(dataFolder())];
  }

  async function killAll(): Promise<number> {
    const all = everything();
    for (const pid of all) kill(pid);
    await insist('everything is dead', async () => (everything().length === 0 ? true : undefined));
    return all.length;
  }

  /** Nothing before the first command. */
  function dataFolder(): string | undefined {
    const kept = join(env.MILLRACE_HOME, 'postgres.json');
    if (!existsSync(kept)) return undefined;
    const { folder } = JSON.parse(readFileSync(kept, 'utf8')) as { folder: string };
    return join(folder, 'data');
  }

  async function millrace(...args: readonly string[]): Promise<Ended> {
    const child = spawn(process.execPath, [commandLine, ...args], {
      cwd: home,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code, stdout, stderr };
  }

  async function createKey(tenant: string): Promise<string> {
    const { code, stdout, stderr } = await millrace('key', 'create', '--tenant', tenant);
    if (code !== 0) throw new Error(`no key could be made: ${stderr}`);
    return stdout.trim();
  }

  const key = known ?? (await createKey('acceptance'));
  // However this process ends: what it has started ends with it.
  const onExit = (): void => everything().forEach(kill);
  process.once('exit', onExit);
  return {
    url,
    home,
    key,
    createKey,
    millrace,
    pid: () => server?.pid as number,
    begin,
    async start() {
      begin();
      await insist('the server answers', async () => ((await isWell(url)) ? true : undefined));
    },
    killAll,
    async remove() {
      process.removeListener('exit', onExit);
      await killAll();
      const data = dataFolder();
      if (data !== undefined) rmSync(join(data, '..'), { recursive: true, force: true });
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** As the first start writes it. */
function keepPostgresIn(folder: string, home: string): void {
  mkdirSync(home);
  const kept = { folder, password: randomBytes(24).toString('hex'), port: 0 };
  writeFileSync(join(home, 'postgres.json'), JSON.stringify(kept), { mode: 0o600 });
}

async function isWell(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/health`);
  return ((await answer.json()) as { status: string }).status === 'ok';
}

/** All processes of a PostgreSQL work in its data folder (Linux). */
function serversOver(folder: string | undefined): number[] {
  return processes().filter((pid) => folder !== undefined && linkOf(pid, 'cwd') === folder);
}

/** Those whose process group (fifth field, after the command in parentheses) is the given one, and which are no corpses. */
function groupOf(group: number): number[] {
  return processes().filter((pid) => {
    const [state, , ofGroup] = (statOf(pid).split(') ').at(-1) ?? '').split(' ');
    return Number(ofGroup) === group && state !== 'Z';
  });
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(pid: number, name: string): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
