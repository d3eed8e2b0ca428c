import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';

/** A fresh Millrace, and who calls its commands. */
export interface Stage {
  /** Of the server. */
  readonly url: string;
  /** A folder of the story's own. */
  readonly folder: string;
  /** Calls `millrace …`, and tells that with what it prints; answers the lines. @throws {Error} where it fails */
  millrace(command: string): Promise<string[]>;
  /** The same again and again until it is so, and tells the last time only. */
  millraceUntil(command: string, isSo: (lines: readonly string[]) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a server over an empty folder.
 * @param databaseUrl of an empty database; the built-in PostgreSQL where there is none
 */
export async function startStage(say: (line: string) => void, databaseUrl: string | undefined): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-story-'));
  const env = {
    ...plainEnvironment,
    MILLRACE_HOME: join(folder, '.millrace'),
    PORT: '0',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  };
  const options = { cwd: folder, env };
  const call = async (command: string) => {
    const { code, lines, problems } = await callCommand(command, options);
    if (code !== 0) throw new Error(`“millrace ${command}” ended with ${code}: ${[...problems, ...lines].join(' ')}`);
    return { lines, problems };
  };
  const told = (command: string, { lines, problems }: Awaited<ReturnType<typeof call>>) => {
    say(`$ millrace ${command}`);
    for (const line of [...problems, ...lines]) say(`    ${line}`);
    return lines;
  };
  const server = spawn(process.execPath, [commandLine, 'serve'], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  return {
    url: await addressOf(server),
    folder,
    millrace: async (command) => told(command, await call(command)),
    async millraceUntil(command, isSo) {
      let last = await call(command);
      while (!isSo(last.lines)) last = await call(command);
      told(command, last);
    },
    async stop() {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server that nobody owns yet prints the link for that, with its address. */
async function addressOf(server: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  server.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
  createInterface({ input: server.stdout as NonNullable<ChildProcess['stdout']> }).on('line', (line) => {
    const address = /http:\/\/[^/\s]+/.exec(line)?.[0];
    if (address !== undefined) resolve(address);
  });
  return promise;
}

interface Ended {
  readonly code: number;
  readonly lines: string[];
  readonly problems: string[];
}

function callCommand(command: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(process.execPath, [commandLine, ...wordsOf(command)], options, (_error, stdout, stderr) =>
    resolve({ code: child.exitCode ?? -1, lines: linesOf(stdout), problems: linesOf(stderr) }),
  );
  return promise;
}

/** As a shell would: between blanks, what is between double quotes being one. */
function wordsOf(command: string): string[] {
  const words = command.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replaceAll('"', ''));
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
