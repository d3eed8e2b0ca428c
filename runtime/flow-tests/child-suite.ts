import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { getPriority, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type ErrorData, type Json, MillraceError, readJson, writeJson } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import type { Config } from '../config/settings.ts';
import type { SuiteReport } from './report.ts';
import type { SuiteOptions } from './run-suite.ts';
import { dropScratchDatabases, newScratchName } from './scratch-databases.ts';

/** What a suite's process is told. */
export interface SuiteRequest extends SuiteOptions {
  readonly bundle: FlowBundle;
  /** With the address of a database server on which others may be made. */
  readonly config: Config;
}

/** What it answers. */
export type SuiteEnd = { readonly report: SuiteReport } | { readonly error: ErrorData };

export interface ChildLimits {
  readonly timeoutMs: number;
  /** Ends it, whatever it does. */
  readonly stop: AbortSignal;
}

/** Added to the process's niceness: who serves everybody comes first. */
const niceness = 5;
const memoryMb = 512;

/**
 * Runs the tests of a flow in a process of their own, which is killed when its time is over. What it had made is then
 * removed from here.
 * @throws {MillraceError} `TESTS_TOO_LONG`, `TESTS_BROKE_OFF`, and what `runFlowTests` throws
 */
export async function runInChild(request: SuiteRequest, limits: ChildLimits): Promise<SuiteReport> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-suite-'));
  const scratchName = newScratchName();
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const command = [`--max-old-space-size=${memoryMb}`, '--no-warnings', entry, String(process.pid)];
  const signal = AbortSignal.any([timeout, limits.stop]);
  const options = { env: { TMPDIR: folder }, cwd: folder, signal, killSignal: 'SIGKILL' } as const;
  const child = spawn(process.execPath, command, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const end = await endOf(child, { ...request, scratchName });
    if (end && 'report' in end) return end.report;
    throw end ? failureOf(end.error) : brokeOff(timeout.aborted, limits.timeoutMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await dropScratchDatabases(request.config.databaseUrl as string, scratchName);
  }
}

const entry = fileURLToPath(new URL('./suite-process.ts', import.meta.url));

/** Nothing where it came to no end of its own. */
async function endOf(child: ChildProcess, request: SuiteRequest): Promise<SuiteEnd | undefined> {
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  // That it could not be started, or was killed, is known by its end; so is that it reads no more.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined).end(writeJson(request as unknown as Json));
  if (child.pid !== undefined) setPriority(child.pid, Math.min(getPriority() + niceness, 19));
  const said = child.stdout ? await text(child.stdout) : '';
  return (await closed) === 0 ? (readJson(said) as unknown as SuiteEnd) : undefined;
}

function failureOf({ code, message, ...options }: ErrorData): MillraceError {
  return new MillraceError(code, message, options);
}

function brokeOff(isLate: boolean, timeoutMs: number): MillraceError {
  if (isLate)
    return new MillraceError('TESTS_TOO_LONG', `The tests took longer than ${timeoutMs / 1000} s and were broken off.`);
  return new MillraceError('TESTS_BROKE_OFF', 'The process that ran the tests ended before them.', {
    category: 'server',
  });
}
