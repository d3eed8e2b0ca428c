import { type Callable, call } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import { type Match, matchesOf } from '../regex/matcher.ts';
import type { Run } from '../run.ts';
import { define, type Functions } from './define.ts';
import { filledTemplate, largestFilling } from './replacement.ts';

type Text = string | undefined;

/** Functions that look for text or a regular expression. */
export const search: Functions = {
  contains: define('<s-(sf):b>', 2, contains),
  match: define('<s-f<s:o>n?:a<o>>', 3, match),
  split: define('<s-(sf)n?:a<s>>', 3, split),
  replace: define('<s-(sf)(sf)n?:s>', 4, replace),
};

function contains(run: Run, text: Text, token: string | Callable): boolean | undefined {
  if (text === undefined) return undefined;
  run.spend(1 + (text.length >> 4));
  if (token === undefined) return undefined;
  return typeof token === 'string' ? text.includes(token) : !matchesOf(run, token, text).next().done;
}

function match(run: Run, text: Text, matcher: Callable, limit?: number): unknown {
  if (text === undefined) return undefined;
  checkLimit(limit, 'D3040', 3);
  const found = upTo(limit, matchesOf(run, matcher, text));
  return run.marks.asSequence(found.map(({ match, start, groups }) => ({ match, index: start, groups: [...groups] })));
}

function split(run: Run, text: Text, separator: string | Callable, limit?: number): unknown {
  if (text === undefined) return undefined;
  checkLimit(limit, 'D3020', 3);
  if (separator === undefined) return [text].slice(0, limit);
  run.allocateText(text.length);
  const parts =
    typeof separator === 'string'
      ? splitByText(run, text, separator, limit)
      : splitByMatches(run, text, separator, limit);
  run.allocate(40 * parts.length);
  return parts;
}

function splitByText(run: Run, text: string, separator: string, limit: number | undefined): string[] {
  run.allocateList(separator === '' ? text.length : 0);
  return text.split(separator, limit === undefined ? undefined : Math.floor(limit));
}

function splitByMatches(run: Run, text: string, separator: Callable, limit: number | undefined): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { match, start } of matchesOf(run, separator, text)) {
    if (limit !== undefined && parts.length >= limit) return parts;
    parts.push(text.slice(from, start));
    from = start + match.length;
  }
  if (limit === undefined || parts.length < limit) parts.push(text.slice(from));
  return parts;
}

function replace(
  run: Run,
  text: Text,
  pattern: string | Callable | undefined,
  replacement: string | Callable | undefined,
  limit?: number,
): Text {
  if (text === undefined) return undefined;
  if (pattern === '') throw new JsonataError('D3010', { index: 2 });
  if (pattern === undefined) throw new JsonataError('T0410', { index: 2 });
  checkLimit(limit, 'D3011', 4);
  run.spend(1 + (text.length >> 4));
  if (typeof pattern === 'string') return replaceText(run, text, pattern, replacement, limit);
  const parts: string[] = [];
  let from = 0;
  for (const found of upTo(limit, matchesOf(run, pattern, text))) {
    parts.push(text.slice(from, found.start), replacementFor(run, found, replacement));
    from = found.start + found.match.length;
  }
  parts.push(text.slice(from));
  return joined(run, parts);
}

function replaceText(
  run: Run,
  text: string,
  pattern: string,
  replacement: string | Callable | undefined,
  limit: number | undefined,
): string {
  let at = text.indexOf(pattern);
  if (at < 0 || limit === 0) return text;
  if (typeof replacement !== 'string') throw new JsonataError('T0410', { index: 3 });
  let result = '';
  let from = 0;
  for (let count = 1; at >= 0; at = text.indexOf(pattern, from), count++) {
    if (limit !== undefined && count > Math.ceil(limit)) break;
    run.allocateText(at - from + replacement.length);
    result += text.slice(from, at) + replacement;
    from = at + pattern.length;
  }
  run.allocateText(text.length - from);
  return result + text.slice(from);
}

/** @throws {JsonataError} D3012 when a replacing function does not answer text */
function replacementFor(run: Run, found: Match, replacement: string | Callable | undefined): string {
  if (replacement === undefined) throw new JsonataError('T0410', { index: 3 });
  if (typeof replacement === 'string') {
    run.allocateText(largestFilling(replacement, found));
    return filledTemplate(replacement, found);
  }
  const { match, start, groups } = found;
  const answer = run.marks.settled(
    replacement[call](run, [{ match, start, end: start + match.length, groups: [...groups] }], undefined),
  );
  if (typeof answer !== 'string') throw new JsonataError('D3012');
  return answer;
}

function joined(run: Run, parts: readonly string[]): string {
  let length = 0;
  for (const part of parts) length += part.length;
  run.allocateText(length);
  return parts.join('');
}

function upTo(limit: number | undefined, matches: Generator<Match>): Match[] {
  const found: Match[] = [];
  if (limit === 0) return found;
  for (const match of matches) {
    found.push(match);
    if (limit !== undefined && found.length >= limit) break;
  }
  return found;
}

function checkLimit(limit: number | undefined, code: string, index: number): void {
  if (limit !== undefined && limit < 0) throw new JsonataError(code, { index });
}
