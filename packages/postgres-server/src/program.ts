import { spawn } from 'node:child_process';
import type { Account } from './account.ts';

export interface Finished {
  /** Exit code; 127 where the program could not be started. */
  readonly code: number;
  /** What it wrote, both streams together. */
  readonly output: string;
}

/**
 * Runs a program to its end. It starts in `/`, because an account other than ours may not be allowed into our working
 * directory, and with a fixed environment, because PostgreSQL's programs read `PG*` variables and the locale.
 */
export function runProgram(program: string, args: readonly string[], account?: Account): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...account,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 127, output }));
  });
}
