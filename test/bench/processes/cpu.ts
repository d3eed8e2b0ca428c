import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second, on every system that Node runs on. */
const tickMicroseconds = 10_000;

interface ProcessTimes {
  readonly parent: number;
  /** Ticks of the process and of its children that have ended. */
  readonly ticks: number;
}

/** Processor time, user and system, that the processes and all below them have used so far, in microseconds. */
export function cpuOf(roots: readonly number[]): number {
  const all = readProcesses();
  return familyIn(all, roots).reduce((sum, pid) => sum + (all.get(pid)?.ticks ?? 0), 0) * tickMicroseconds;
}

/** The processes and all below them. */
export function familyOf(roots: readonly number[]): readonly number[] {
  return familyIn(readProcesses(), roots);
}

export function parentOf(pid: number): number {
  return timesOf(pid)?.parent ?? 0;
}

function familyIn(all: ReadonlyMap<number, ProcessTimes>, roots: readonly number[]): readonly number[] {
  const wanted = new Set(roots);
  for (const pid of all.keys()) if (descendsFrom(pid, wanted, all)) wanted.add(pid);
  return [...wanted];
}

function descendsFrom(pid: number, roots: ReadonlySet<number>, all: ReadonlyMap<number, ProcessTimes>): boolean {
  for (let one: number | undefined = pid; one !== undefined; one = all.get(one)?.parent)
    if (roots.has(one)) return true;
  return false;
}

function readProcesses(): Map<number, ProcessTimes> {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return new Map(
    pids.flatMap((pid) => {
      const times = timesOf(pid);
      return times ? [[pid, times] as const] : [];
    }),
  );
}

/** Fields of `/proc/<pid>/stat` (proc(5)): 4 is the parent, 14 to 17 are the times. The name, in brackets, may hold anything. */
function timesOf(pid: number): ProcessTimes | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0);
    return { parent: fields[1] ?? 0, ticks };
  } catch {
    // It has ended in between.
    return undefined;
  }
}
