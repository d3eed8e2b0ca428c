import { type ChildProcess, spawn } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readJson } from '@millrace/contract';
import { type EvaluationResult, Lines, type Message } from './protocol.ts';

export interface Limits {
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
}

/** Why a process is no more. */
export type Death = 'timeout' | 'memory' | 'output' | 'crash';

interface Owner {
  /** The process can take work. */
  ready(): void;
  /** The work sent first has its results. */
  answered(results: readonly EvaluationResult[]): void;
  died(death: Death): void;
}

/**
 * Added to the process's niceness: where there are not processors enough, who serves everybody comes first, and what a tenant
 * computes at length gets a third of what it would.
 */
const niceness = 5;
/** Longest time from the start of the process until it can work. */
const startMs = 20_000;
/** The child keeps the limit itself; beyond this much more it is not trusted any longer. */
const outputSlack = 1_000_000;

/**
 * One evaluating process: a fresh Node with nothing in its environment, a capped heap, no `__proto__`, and no right to
 * write files or start programs. The deadline runs from the moment that the process turns to a piece of work. It does
 * not keep this process alive.
 */
export class EvaluatorProcess {
  readonly #child: ChildProcess;
  readonly #limits: Limits;
  readonly #owner: Owner;
  #deadline: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #killedFor: Death | undefined;
  #stderr = '';

  constructor(limits: Limits, owner: Owner) {
    this.#limits = limits;
    this.#owner = owner;
    this.#child = spawn(process.execPath, commandLine(limits), { env: {}, cwd: '/', stdio: 'pipe' });
    this.#listen();
    if (this.#child.pid !== undefined) setPriority(this.#child.pid, Math.min(getPriority() + niceness, 19));
    this.#turnTo(startMs);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  send(line: string): void {
    this.#inFlight++;
    this.#child.stdin?.write(line);
    if (this.#inFlight === 1) this.#turnTo(this.#limits.timeoutMs);
  }

  /** Resolves when the process has ended. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.ref();
    this.#kill('crash');
    await ended;
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#child;
    const lines = new Lines((line) => this.#receive(readJson(line) as unknown as Message));
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      lines.add(chunk);
      if (lines.pending > this.#limits.maxOutputBytes + outputSlack) this.#kill('output');
    });
    stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr = (this.#stderr + chunk).slice(-10_000);
    });
    // Writing to a process that has just died fails; that it died is noticed by its end.
    stdin?.on('error', () => {});
    this.#child.on('error', () => {}).on('close', () => this.#end());
    for (const part of [this.#child, stdin, stdout, stderr]) (part as { unref?(): void } | null)?.unref?.();
  }

  #receive(message: Message): void {
    if (this.#killedFor) return;
    if ('results' in message) this.#inFlight--;
    clearTimeout(this.#deadline);
    if (this.#inFlight > 0) this.#turnTo(this.#limits.timeoutMs);
    if ('results' in message) this.#owner.answered(message.results);
    else this.#owner.ready();
  }

  #turnTo(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#kill('timeout'), ms);
  }

  #kill(death: Death): void {
    this.#killedFor ??= death;
    this.#child.kill('SIGKILL');
  }

  #end(): void {
    clearTimeout(this.#deadline);
    const outOfMemory = /heap out of memory|OOM|Allocation failed/.test(this.#stderr);
    this.#owner.died(this.#killedFor ?? (outOfMemory ? 'memory' : 'crash'));
  }
}

function commandLine({ memoryMb, maxOutputBytes }: Limits): string[] {
  const entry = fileURLToPath(new URL('./child.ts', import.meta.url));
  const rights = ['--permission', '--allow-fs-read=*', '--allow-worker'];
  const options = [`--max-old-space-size=${memoryMb}`, '--disable-proto=delete', '--no-warnings', ...rights];
  return [...options, entry, String(process.pid), String(maxOutputBytes)];
}
