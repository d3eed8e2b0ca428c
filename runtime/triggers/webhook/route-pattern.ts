/** How two patterns relate: which paths fit both, and which of the two then serves. */
type Relation =
  /** No path fits both. */
  | 'apart'
  /** The same paths fit both. */
  | 'same'
  /** Whatever fits one fits the other too: the narrower one serves. */
  | 'nested'
  /** Some paths fit both, and neither is the narrower one. */
  | 'crossing';

const isParameter = (segment: string) => segment.startsWith(':');

/** `orders/:id` against `orders/approved`: segment by segment, a parameter being wider than a text. */
export function relate(one: string, other: string): Relation {
  const [mine, theirs] = [one.split('/'), other.split('/')];
  if (mine.length !== theirs.length) return 'apart';
  let wider = false;
  let narrower = false;
  for (const [index, segment] of mine.entries()) {
    const opposite = theirs[index] as string;
    if (isParameter(segment) && !isParameter(opposite)) wider = true;
    else if (!isParameter(segment) && isParameter(opposite)) narrower = true;
    else if (!isParameter(segment) && segment !== opposite) return 'apart';
  }
  if (wider && narrower) return 'crossing';
  return wider || narrower ? 'nested' : 'same';
}

/**
 * The parameters' values where the path fits the pattern.
 * @param path segments, decoded; one may hold a slash, and then only a parameter fits it
 */
export function matchPath(pattern: string, path: readonly string[]): Record<string, string> | undefined {
  const segments = pattern.split('/');
  if (segments.length !== path.length) return undefined;
  const params: [string, string][] = [];
  for (const [index, segment] of segments.entries()) {
    const value = path[index] as string;
    if (isParameter(segment) && value !== '') params.push([segment.slice(1), value]);
    else if (segment !== value) return undefined;
  }
  return Object.fromEntries(params);
}

/** How narrow a pattern is: of nested patterns the one with more texts is the narrower. */
export function textsIn(pattern: string): number {
  return pattern.split('/').filter((segment) => !isParameter(segment)).length;
}
