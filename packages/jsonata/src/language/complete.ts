import type { NodeOf, Syntax } from '../front/syntax.ts';
import { look } from './analyse.ts';
import { elementsOf } from './elements.ts';
import { type Environment, functionsOf } from './environment.ts';
import type { Gap } from './infer/inference.ts';
import type { Shape } from './shape.ts';
import { wordsOf } from './tokens.ts';
import { inWords } from './words.ts';

/** What can stand at a place. */
export interface Completion {
  /** `qty`, `$sum`. */
  readonly label: string;
  /** The same as it is written, with quotes where the name needs them. */
  readonly insert: string;
  readonly kind: 'field' | 'variable' | 'function';
  /** Type of a field or variable, parameters of a function. */
  readonly detail: string;
  /** One sentence. */
  readonly summary?: string;
}

export interface Completions {
  /** Where the word begins that a completion takes the place of; it ends at the position. */
  readonly from: number;
  /** Fields first, then variables, then functions; not chosen by what is typed so far, which is the editor's part. */
  readonly items: readonly Completion[];
}

/**
 * What can stand at a position of a text that may be incomplete: fields of what is known to be there, variables in scope,
 * and functions. What stands behind the position does not count.
 */
export function completionsAt(text: string, position: number, environment: Environment = {}): Completions {
  const from = startOfWord(text, position);
  if (from === undefined) return { from: position, items: [] };
  const { inferred } = look(text.slice(0, from), environment);
  const gap = gapIn(inferred.gaps);
  if (!gap) return { from, items: [] };
  const isName = text.charAt(from) === '$';
  const isFree = gap.from === undefined;
  return {
    from,
    items: [
      ...(isName ? [] : fieldsOf(gap.from ?? gap.scope.input)),
      ...(isName || isFree ? [...variablesOf(gap, environment), ...functionsIn(gap, environment)] : []),
    ],
  };
}

/** Where the word begins that the position is in or behind; nothing in texts, numbers and comments. */
function startOfWord(text: string, position: number): number | undefined {
  const before = wordsOf(text.slice(0, position)).at(-1);
  if (!before) return position;
  const { kind, start, text: word } = before;
  if (kind === 'comment' || kind === 'string' || kind === 'regex') return undefined;
  if (kind === 'text') return /^\d/.test(word) ? undefined : start;
  return isInQuotes(text.slice(0, position)) ? undefined : position;
}

/** Whether a text, name or comment has begun and has no end yet; what cannot be read comes as single characters. */
function isInQuotes(text: string): boolean {
  return wordsOf(text).some(
    ({ kind, text: word, end }) => kind === 'operator' && (/^["'`]$/.test(word) || (word === '/' && text[end] === '*')),
  );
}

/** What is missing at the end of the text. */
function gapIn(gaps: ReadonlyMap<Syntax, Gap>): Gap | undefined {
  const atEnd = [...gaps].findLast(([node]) => (node as NodeOf<'error'>).error?.token === '(end)');
  return atEnd?.[1];
}

function fieldsOf(shape: Shape): Completion[] {
  const element = elementsOf(shape);
  return element.names.flatMap((name) => {
    const insert = written(name);
    const { shape: member } = element.member(name);
    return insert === undefined ? [] : [{ label: name, insert, kind: 'field' as const, detail: inWords(member, 1) }];
  });
}

const plainName = /^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*$/;
const words: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/** A name as JSONata has it; nothing for one that it cannot write. */
function written(name: string): string | undefined {
  if (plainName.test(name) && !words.has(name)) return name;
  return name === '' || name.includes('`') ? undefined : `\`${name}\``;
}

function variablesOf({ scope }: Gap, { bindings = {} }: Environment): Completion[] {
  const named = [...scope.names].filter(([name]) => plainName.test(name)).toReversed();
  return named.map(([name, shape]) => {
    const { summary } = (Object.hasOwn(bindings, name) && bindings[name]) || {};
    const label = `$${name}`;
    return {
      label,
      insert: label,
      kind: 'variable' as const,
      detail: inWords(shape, 1),
      ...(summary !== undefined && { summary }),
    };
  });
}

function functionsIn({ scope }: Gap, environment: Environment): Completion[] {
  const free = [...functionsOf(environment)].filter(
    ([name, { refused }]) => refused === undefined && !scope.names.has(name),
  );
  return free.map(([name, { docs }]) => ({
    label: `$${name}`,
    insert: `$${name}`,
    kind: 'function' as const,
    detail: `(${docs?.parameters ?? '…'})`,
    ...(docs && { summary: docs.summary }),
  }));
}
