import { JsonataError } from '../failure.ts';

/** One parameter of a signature such as `<s-(nb)a<n>?:x>`. */
export interface Parameter {
  /** Letters of the types that it takes; `m` (missing) is taken by all but functions. */
  readonly takes: string;
  /** It takes lists, and makes one of a single value. */
  readonly isList: boolean;
  /** Letter of the items' type. */
  readonly items: string | undefined;
  /** `-`: the context takes the place of a missing argument. */
  readonly context: boolean;
  readonly optional: boolean;
  readonly repeats: boolean;
}

const types: Readonly<Record<string, string>> = {
  s: 'sm',
  n: 'nm',
  b: 'bm',
  l: 'lm',
  o: 'om',
  f: 'f',
  a: 'asnblfom',
  j: 'asnblom',
  x: 'asnblfom',
};

/** Reads a signature (https://docs.jsonata.org/embedding-extending). @throws {JsonataError} S0401, S0402 */
export function readParameters(definition: string): Parameter[] {
  const parameters: Parameter[] = [];
  const end = endOfParameters(definition);
  for (let at = 1; at < end; ) {
    const [parameter, next] = readParameter(definition, at);
    parameters.push(parameter);
    at = next;
  }
  return parameters;
}

/** The `:` before the type of the result, or the closing `>`. */
function endOfParameters(definition: string): number {
  let depth = 0;
  for (let at = 0; at < definition.length; at++) {
    const letter = definition.charAt(at);
    if (letter === '<') depth++;
    else if (letter === '>' && --depth === 0) return at;
    else if (letter === ':' && depth === 1) return at;
  }
  return definition.length;
}

function readParameter(definition: string, start: number): [Parameter, number] {
  const [takes, afterType, letter] = readType(definition, start);
  const [items, afterItems] = readItems(definition, afterType, letter);
  const [options, end] = readOptions(definition, afterItems);
  const parameter = {
    takes,
    isList: letter === 'a',
    items,
    context: options.includes('-'),
    optional: options.includes('?') || options.includes('-'),
    repeats: options.includes('+'),
  };
  return [parameter, end];
}

function readType(definition: string, at: number): [takes: string, next: number, letter: string] {
  const letter = definition.charAt(at);
  if (letter !== '(') return [types[letter] ?? 'm', at + 1, letter];
  const close = definition.indexOf(')', at);
  const choice = definition.slice(at + 1, close);
  if (choice.includes('<')) throw new JsonataError('S0402', { position: at });
  return [`${choice.includes('x') ? types.x : choice}m`, close + 1, letter];
}

function readItems(definition: string, at: number, letter: string): [items: string | undefined, next: number] {
  if (definition.charAt(at) !== '<') return [undefined, at];
  if (letter !== 'a' && letter !== 'f') throw new JsonataError('S0401', { position: at });
  let depth = 0;
  let end = at;
  do {
    if (definition.charAt(end) === '<') depth++;
    if (definition.charAt(end) === '>') depth--;
    end++;
  } while (depth > 0 && end < definition.length);
  return [letter === 'a' ? definition.charAt(at + 1) : undefined, end];
}

function readOptions(definition: string, start: number): [options: string, next: number] {
  let end = start;
  while ('-?+'.includes(definition.charAt(end)) && end < definition.length) end++;
  return [definition.slice(start, end), end];
}
