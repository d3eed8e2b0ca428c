import { readFileSync } from 'node:fs';
import { familyOf } from './cpu.ts';

/** Linux counts resident memory in pages; this is their size on every system that Node runs on here. */
const pageBytes = 4096;
const lookEveryMs = 100;

/** Memory of the processes and all below them that is resident now, in MB of 1024 × 1024 bytes. */
export function residentMegabytes(roots: readonly number[]): number {
  return (familyOf(roots).reduce((sum, pid) => sum + pagesOf(pid), 0) * pageBytes) / 1024 ** 2;
}

/** Looks again and again while the work goes on; answers the most that was resident, and what the work gave. */
export async function peakWhile<T>(roots: readonly number[], work: Promise<T>): Promise<{ peak: number; result: T }> {
  let peak = residentMegabytes(roots);
  const looking = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(roots));
  }, lookEveryMs);
  try {
    return { result: await work, peak };
  } finally {
    clearInterval(looking);
  }
}

/** The second field of `/proc/<pid>/statm` (proc(5)). */
function pagesOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  } catch {
    // It has ended in between.
    return 0;
  }
}
