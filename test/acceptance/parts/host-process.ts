import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { commandLine } from '@millrace/testing/command-line';
import { addressOf, type Host, namespaceOf } from './network.ts';

const databaseProgram = fileURLToPath(new URL('./database-host.ts', import.meta.url));

/** A process on one of the hosts. */
export interface HostProcess {
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end, and waits for that; what does not is killed after fifteen seconds. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL on its host; resolves with its address in the network. */
export async function startDatabase(home: string): Promise<HostProcess & { readonly url: string }> {
  const child = spawnOn('database', [databaseProgram, home, addressOf('database')], { PATH: process.env.PATH }, 'pipe');
  const [url] = (await once(createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }), 'line')) as [
    string,
  ];
  // Asked to end, so that it ends its server too.
  process.once('exit', () => child.kill('SIGTERM'));
  return { url, ...controlOf(child) };
}

/** Starts `millrace serve` on a host. @param log file that it writes to */
export function startServing(host: Host, roles: string, env: NodeJS.ProcessEnv, folder: string): HostProcess {
  const log = openSync(join(folder, `${host}.log`), 'a');
  const child = spawnOn(host, [commandLine, 'serve', '--roles', roles], env, log);
  process.once('exit', () => killGroup(child));
  return controlOf(child);
}

/** Calls the command line on a host; answers what it prints. */
export async function callOn(host: Host, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawnOn(host, [commandLine, ...args], env, 'pipe');
  const output = await text(child.stdout as NonNullable<typeof child.stdout>);
  return output.trim();
}

/** `ip netns exec` becomes the program that it starts: signals reach that. */
function spawnOn(host: Host, args: readonly string[], env: NodeJS.ProcessEnv, output: 'pipe' | number): ChildProcess {
  return spawn('ip', ['netns', 'exec', namespaceOf(host), process.execPath, ...args], {
    env,
    detached: true,
    stdio: ['ignore', output, output === 'pipe' ? 'inherit' : output],
  });
}

function controlOf(child: ChildProcess): HostProcess {
  const ended = once(child, 'exit');
  return {
    signal: (signal) => child.kill(signal),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const killing = setTimeout(() => killGroup(child), 15_000);
      await ended;
      clearTimeout(killing);
    },
  };
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
