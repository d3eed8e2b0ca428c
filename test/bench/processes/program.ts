import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that runs beside the bench until it is stopped. */
export interface Program {
  readonly pid: number;
  /** What it has written to standard error, as far as kept: its last words. */
  lastWords(): string;
  /** Asks it to end, and waits for that; after ten seconds it is killed. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const keptCharacters = 20_000;
const stopPatienceMs = 10_000;

const running = new Set<ChildProcess>();
/** However the bench ends: what it started ends with it. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startProgram({ command, args, cwd, env }: ProgramOptions): Program {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-keptCharacters);
  });
  return { pid: child.pid as number, lastWords: () => words, stop: () => stop(child) };
}

/** Runs a program to its end and answers what it wrote to standard output. @throws with its last words where it fails */
export async function runProgram({ command, args, cwd, env }: ProgramOptions): Promise<string> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let words = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-keptCharacters)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${words}`);
  return output;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
  await ended;
  clearTimeout(killing);
}

const startPatienceMs = 60_000;

/** Waits until a server answers at the address with success. @throws with the program's last words, which it stops, where it does not */
export async function untilAnswers(url: string, program: Program): Promise<void> {
  const deadline = performance.now() + startPatienceMs;
  while (performance.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await sleep(50);
  }
  await program.stop();
  throw new Error(`Nothing answers at ${url}: ${program.lastWords()}`);
}
