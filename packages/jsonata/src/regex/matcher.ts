import { Callable, call } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import type { Fields } from '../value/type.ts';
import { Regex } from './regex.ts';

export interface Match {
  readonly match: string;
  readonly start: number;
  readonly groups: readonly unknown[];
}

/** All matches of a regular expression, or of a function of the expression that answers in the same way, one by one. */
export function* matchesOf(run: Run, matcher: Callable, text: string): Generator<Match> {
  if (!(matcher instanceof Regex)) return yield* customMatches(run, matcher, text);
  for (let from = 0; ; ) {
    const found = Regex.find(run, matcher, text, from);
    if (!found) return;
    yield found;
    from = found.end;
    if (from >= text.length) return;
  }
}

function* customMatches(run: Run, matcher: Callable, text: string): Generator<Match> {
  let answer = matcher[call](run, [text], undefined);
  while (answer !== undefined) {
    const match = checked(answer);
    yield match;
    answer = match.next[call](run, [], undefined);
  }
}

/** @throws {JsonataError} T1010 */
function checked(answer: unknown): Match & { next: Callable } {
  const { match, start, groups, next } = (typeof answer === 'object' && answer !== null ? answer : {}) as Fields;
  if (typeof match !== 'string' || typeof start !== 'number' || !Array.isArray(groups) || !(next instanceof Callable)) {
    throw new JsonataError('T1010');
  }
  return { match, start, groups, next };
}
