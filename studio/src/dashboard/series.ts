/** Numbers of a period in parts of the same length; parts in which nothing happened are left out. */
export interface Parted<P> {
  readonly from: string;
  readonly to: string;
  readonly partMs: number;
  readonly parts: readonly P[];
}

export type Line = readonly (number | null)[];

/**
 * The same as lines over all parts of the period.
 * @returns the beginnings of the parts in seconds, then a line for each name
 */
export function linesOf<P extends { readonly at: string }>(
  { from, to, partMs, parts }: Parted<P>,
  names: readonly (keyof P & string)[],
  nothing: number | null = 0,
): readonly [number[], ...Line[]] {
  const begin = Date.parse(from);
  const count = Math.round((Date.parse(to) - begin) / partMs);
  const byPlace = new Map(parts.map((part) => [Math.round((Date.parse(part.at) - begin) / partMs), part]));
  const places = Array.from({ length: count }, (_, place) => place);
  const line = (name: keyof P & string) =>
    places.map((place) => (byPlace.get(place)?.[name] as number | null | undefined) ?? nothing);
  return [places.map((place) => (begin + place * partMs) / 1_000), ...names.map(line)];
}

export function sumOf<P>(parts: readonly P[], name: keyof P): number {
  return parts.reduce((sum, part) => sum + Number(part[name] ?? 0), 0);
}

/** The part in which there was most of something; nothing where there was none at all. */
export function peakOf<P extends { readonly at: string }>(parts: readonly P[], name: keyof P): P | undefined {
  const [first, ...rest] = parts;
  if (!first) return undefined;
  const peak = rest.reduce((most, part) => (Number(part[name] ?? 0) > Number(most[name] ?? 0) ? part : most), first);
  return Number(peak[name] ?? 0) > 0 ? peak : undefined;
}
