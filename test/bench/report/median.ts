/** The middle one; of an even number the lower of the two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** Objects of one shape made one, figure by figure; what is no figure is the first one's. */
export function medianOfEach<T extends object>(all: readonly [T, ...T[]]): T {
  const [first] = all;
  const names = Object.keys(first) as (keyof T)[];
  return Object.fromEntries(names.map((name) => [name, middle(all.map((one) => one[name]))])) as T;
}

function middle(values: readonly unknown[]): unknown {
  const [first] = values;
  if (typeof first === 'number') return median(values as number[]);
  return typeof first === 'object' && first !== null ? medianOfEach(values as [object, ...object[]]) : first;
}
