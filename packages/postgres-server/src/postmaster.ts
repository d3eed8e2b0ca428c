import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './program.ts';

/** The server process over a data folder, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** It takes connections: it is neither starting nor stopping. */
  readonly ready: boolean;
}

/**
 * The live server over a data folder. A `postmaster.pid` left behind by a killed machine or container may name a
 * process that is somebody else's by now, so the process itself is asked which folder it serves.
 */
export async function livePostmaster(data: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(pidFile(data), 'utf8').catch(() => '')).split('\n');
  // Lines of the file: process id, data folder, start time, port, …, status (src/include/utils/pidfile.h).
  const [pid, port, status] = [Number(lines[0]), Number(lines[3]), lines[7]?.trim()];
  if (!pid || !port) return undefined;
  return (await serves(pid, data)) ? { pid, port, ready: status === 'ready' } : undefined;
}

export function pidFile(data: string): string {
  return join(data, 'postmaster.pid');
}

async function serves(pid: number, data: string): Promise<boolean> {
  const folder = await realpath(data);
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder;
  const { output } = await runProgram('ps', ['-p', String(pid), '-o', 'args=']);
  return output.includes(data) || output.includes(folder);
}
