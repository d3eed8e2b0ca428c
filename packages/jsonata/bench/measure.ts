/** Shorter work is repeated within one measurement, because processor time is told in steps of some milliseconds. */
const leastMs = 150;
const leastMeasurements = 5;

/**
 * Median of the time that the thread computes for one call, in milliseconds. Waiting for the processor does not count,
 * so that other work on the machine falls out.
 */
export async function medianOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count <= leastMeasurements; count++) times.push(await measured(work));
  return times.slice(1).toSorted((a, b) => a - b)[leastMeasurements >> 1] as number;
}

async function measured(work: () => unknown): Promise<number> {
  const cpu = process.threadCpuUsage();
  const end = performance.now() + leastMs;
  let count = 0;
  do {
    const result = work();
    if (result instanceof Promise) await result;
    count++;
  } while (performance.now() < end);
  const { user, system } = process.threadCpuUsage(cpu);
  return (user + system) / 1000 / count;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
