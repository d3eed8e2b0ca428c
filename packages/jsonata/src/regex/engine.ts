import { RE2JS } from 're2js';
import { JsonataError } from '../failure.ts';

/** Where a regular expression was found. Positions are UTF-16 units. */
export interface Found {
  readonly match: string;
  readonly start: number;
  readonly end: number;
  /** What the groups have matched; a group that took no part has nothing. */
  readonly groups: readonly (string | undefined)[];
}

/** A compiled regular expression. Time is linear in the text, whatever the expression, unless it backtracks. */
export interface Engine {
  find(text: string, from: number): Found | undefined;
  /** It may take any time, and nobody can end it but by ending the process. */
  readonly backtracks: boolean;
  /** About how many states are followed for each character. */
  readonly size: number;
  /** A match may look far beyond its end before it is known. */
  readonly looksAhead: boolean;
}

/**
 * Compiles for RE2's engine, which is JSONata's language (JavaScript's) without look-around and back-references.
 * @param mayBacktrack what RE2 cannot express is left to JavaScript's own engine
 * @throws {JsonataError} S0303
 */
export function compileEngine(
  { source, flags }: Pick<RegExp, 'source' | 'flags'>,
  position: number | undefined,
  mayBacktrack = false,
): Engine {
  const compiled = compile(source, flags);
  if (compiled) return linear(compiled, source);
  if (mayBacktrack) return backtracking(new RegExp(source, `${flags.replace('g', '')}g`));
  throw new JsonataError('S0303', { position, token: source });
}

function linear(compiled: RE2JS, source: string): Engine {
  return {
    size: compiled.programSize(),
    looksAhead: /[*+]|\{\d+,\}/.test(source),
    backtracks: false,
    find: (text, from) => find(compiled, text, from),
  };
}

function backtracking(regex: RegExp): Engine {
  return {
    size: regex.source.length,
    looksAhead: true,
    backtracks: true,
    find(text, from) {
      regex.lastIndex = from;
      const found = regex.exec(text);
      if (!found) return undefined;
      const [match, ...groups] = found;
      return { match, start: found.index, end: found.index + match.length, groups };
    },
  };
}

/** Nothing where RE2 cannot express it. */
function compile(source: string, flags: string): RE2JS | undefined {
  const options = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0);
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), options);
  } catch {
    return undefined;
  }
}

function find(compiled: RE2JS, text: string, from: number): Found | undefined {
  const matcher = compiled.matcher(text);
  if (from > text.length || !matcher.find(from)) return undefined;
  const groups: (string | undefined)[] = [];
  for (let index = 1; index <= matcher.groupCount(); index++) groups.push(matcher.group(index) ?? undefined);
  return { match: matcher.group(0) ?? '', start: matcher.start(0), end: matcher.end(0), groups };
}
