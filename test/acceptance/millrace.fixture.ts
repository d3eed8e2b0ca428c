import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@millrace/testing';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { onTestFinished } from 'vitest';
import { migrate } from '../../runtime/postgres/migrate.ts';

/** The order export, as it lies in the repository. */
export const orderExport = fileURLToPath(new URL('../../flows/order-export-dropzone', import.meta.url));
export const sampleOrder = join(orderExport, 'samples', 'order.json');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Call {
  /** The first line on standard error that fits, as soon as it is there; fails when the command ends without it. */
  said(pattern: RegExp): Promise<string>;
  /** What Ctrl-C sends. */
  interrupt(): void;
  readonly ended: Promise<Ended>;
}

/** What `millrace flow run --json` prints as its last line. */
export interface Result {
  readonly runId: string;
  readonly outcome: string;
  readonly output: unknown;
  readonly error: { code: string; message: string; problems?: { pointer: string }[] } | null;
  readonly steps: { key: string; attempts: number; error: { code: string; message: string } | null; output: unknown }[];
}

export function resultOf({ stdout }: Ended): Result {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Result;
}

/** A user with a folder and a database of their own until the test ends; `millrace` calls the command in that folder. */
export async function user(settings: Readonly<Record<string, string>> = {}) {
  const database = await createDatabase({ prepare: migrate, template: 'millrace' });
  const home = mkdtempSync(join(tmpdir(), 'millrace-user-'));
  onTestFinished(async () => {
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  });
  const env = {
    ...plainEnvironment,
    DATABASE_URL: database.url,
    MILLRACE_HOME: join(home, '.millrace'),
    ...settings,
  };
  return { home, millrace: (...args: string[]) => call(args, home, env) };
}

function call(args: string[], cwd: string, env: NodeJS.ProcessEnv): Call {
  const child = spawn(process.execPath, [commandLine, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const ended = endOf(child, lines);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = (line: string) => pattern.test(line) && resolve(line);
      lines.forEach(look);
      reader.on('line', look);
      ended.then(({ stderr }) => reject(new Error(`The command ended and never said ${pattern}:\n${stderr}`)), reject);
    });
  return { said, interrupt: () => child.kill('SIGINT'), ended };
}

async function endOf(child: ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> }, lines: string[]) {
  const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { status: status as number | null, stdout, stderr: lines.map((line) => `${line}\n`).join('') };
}
