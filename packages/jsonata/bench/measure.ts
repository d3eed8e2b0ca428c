/** Median of the time that a call takes, in milliseconds: for so long, but at least three times. */
export async function medianOf(work: () => unknown, forMs: number): Promise<number> {
  await work();
  const times: number[] = [];
  const end = performance.now() + forMs;
  while (times.length < 3 || performance.now() < end) {
    const start = performance.now();
    const result = work();
    if (result instanceof Promise) await result;
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1] as number;
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
