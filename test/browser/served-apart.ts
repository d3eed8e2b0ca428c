import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';

/** An instance that serves. */
export interface Served {
  /** Where; absent where it serves nobody. */
  readonly url?: string | undefined;
  stop(): Promise<void>;
  /** It dies at once, without a word to anybody. */
  kill(): Promise<void>;
}

/** Starts an instance as a process of its own, and resolves when it says where it serves. */
export async function serveApart(
  settings: Readonly<Record<string, string>>,
  cwd: string,
  out: NodeJS.WritableStream,
): Promise<Served> {
  const env = { ...plainEnvironment, ...settings };
  const child = spawn(process.execPath, [commandLine, 'serve', '--demo'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  // Tests that break off leave nothing behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await closed;
  };
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      out.write(`${line}\n`);
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    });
    closed.then(() => reject(new Error('The instance ended and never said where it serves.')), reject);
  });
  return { url, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}
