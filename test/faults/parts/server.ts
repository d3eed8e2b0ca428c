import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@millrace/testing/free-port';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { type OwnProcess, spawnOwn } from './own-process.ts';
import { until } from './until.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const planting = new URL('../planted/plant.ts', import.meta.url).href;

export interface ServerOptions {
  readonly databaseUrl: string;
  /** Folder that all servers of an installation share; their logs lie in it. */
  readonly home: string;
  /** Names of the changes that are planted into it, with commas between. */
  readonly planted?: string;
  /** More settings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** `millrace serve`, to be killed. */
export interface Server extends OwnProcess {
  readonly url: string;
  readonly port: number;
  /** Asks it to end; after fifteen seconds it is killed. */
  stop(): Promise<void>;
  /** What it has logged. */
  log(): string;
}

/** The books are read from the live tables, however long a fault takes and however far it turns the clock. */
const keepingRuns = { MILLRACE_ARCHIVE_AFTER: '99999h', MILLRACE_KEEP_NORMAL: '9999d' };

/** Begins a server; {@link untilServes} tells when it takes requests. */
export async function spawnServer({ databaseUrl, home, planted = '', env = {} }: ServerOptions): Promise<Server> {
  const port = await freePort();
  const file = join(home, `server-${port}.log`);
  const log = openSync(file, 'a');
  const args = ['--import', planting, 'runtime/cli/index.ts', 'serve'];
  const child = spawnOwn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', log, log],
    env: {
      ...plainEnvironment,
      DATABASE_URL: databaseUrl,
      MILLRACE_HOME: home,
      MILLRACE_LOG_LEVEL: 'info',
      MILLRACE_EVALUATORS: '1',
      PORT: String(port),
      FAULTS_PLANTED: planted,
      ...keepingRuns,
      ...env,
    },
  });
  closeSync(log);
  return {
    ...child,
    url: `http://127.0.0.1:${port}`,
    port,
    stop: () => stop(child),
    log: () => readFileSync(file, 'utf8'),
  };
}

/** Resolves when it answers; false where it has ended before. */
export async function untilServes(server: Server): Promise<boolean> {
  const serves = async () => {
    const answer = await fetch(`${server.url}/api/v1/health`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer !== undefined;
  };
  await until('the server answers', 60_000, async () => server.hasEnded() || serves());
  return !server.hasEnded();
}

async function stop(child: OwnProcess): Promise<void> {
  child.signal('SIGCONT');
  child.signal('SIGTERM');
  const killing = setTimeout(() => void child.end(), 15_000);
  await child.ended;
  clearTimeout(killing);
}
