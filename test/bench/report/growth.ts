export interface Growth {
  /** The last three sizes, between which it is seen. */
  readonly sizes: readonly [from: number, middle: number, to: number];
  /** What one more costs in the upper half by what it costs in the lower: 1 is linear, 10 is quadratic for sizes 1, 10, 100. */
  readonly ratio: number;
}

/** How a cost grows with a size, the sizes ascending; nothing where there are fewer than three. */
export function growthOf(costs: readonly (readonly [size: number, cost: number])[]): Growth | undefined {
  const [from, middle, to] = costs.slice(-3);
  if (!from || !middle || !to) return undefined;
  return { sizes: [from[0], middle[0], to[0]], ratio: slope(middle, to) / slope(from, middle) };
}

type Point = readonly [size: number, cost: number];

function slope(from: Point, to: Point): number {
  return (to[1] - from[1]) / (to[0] - from[0]);
}
