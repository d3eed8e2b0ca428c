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

/** A compiled regular expression. Time is linear in the text, whatever the expression. */
export interface Engine {
  find(text: string, from: number): Found | undefined;
  /** About how many states are followed for each character. */
  readonly size: number;
  /** A match may look far beyond its end before it is known. */
  readonly looksAhead: boolean;
}

/**
 * Compiles for RE2's engine, which is JSONata's language (JavaScript's) without look-around and back-references.
 * @throws {JsonataError} S0303
 */
export function compileEngine(source: string, flags: string, position: number | undefined): Engine {
  const compiled = compile(source, flags, position);
  return {
    size: compiled.programSize(),
    looksAhead: /[*+]|\{\d+,\}/.test(source),
    find: (text, from) => find(compiled, text, from),
  };
}

function compile(source: string, flags: string, position: number | undefined): RE2JS {
  const options = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('m') ? RE2JS.MULTILINE : 0);
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), options);
  } catch {
    throw new JsonataError('S0303', { position, token: source });
  }
}

function find(compiled: RE2JS, text: string, from: number): Found | undefined {
  const matcher = compiled.matcher(text);
  if (from > text.length || !matcher.find(from)) return undefined;
  const groups: (string | undefined)[] = [];
  for (let index = 1; index <= matcher.groupCount(); index++) groups.push(matcher.group(index) ?? undefined);
  return { match: matcher.group(0) ?? '', start: matcher.start(0), end: matcher.end(0), groups };
}
