import jsonata from 'jsonata';
import { JsonataError } from '../failure.ts';
import { defaultNesting } from './default-nesting.ts';
import type { Syntax } from './syntax.ts';

/** Longest expression, in characters. */
const maxLength = 1_000_000;
/** The parser copies the left side of `??` and `?:`, so nesting them to the left doubles its tree each time. */
const maxDefaultNesting = 10;

/**
 * JSONata's own parser; its grammar is the grammar of this package.
 * @throws {JsonataError} with JSONata's code, position and token; S0501, S0502
 */
export function parse(text: string): Syntax {
  return read(text, (checked) => jsonata(checked).ast() as unknown as Syntax);
}

/** A text that may be incomplete: the tree has nodes of type `error` where something is missing. */
export interface PartlyRead {
  readonly syntax: Syntax;
  readonly errors: readonly JsonataError[];
}

/**
 * As {@link parse}, as far as the text can be read.
 * @throws {JsonataError} where the parser cannot go on, such as in a text without its closing quote
 */
export function parsePartly(text: string): PartlyRead {
  return read(text, (checked) => {
    // The library's type declarations know nothing of errors.
    const read = jsonata(checked, { recover: true }) as unknown as { ast(): Syntax; errors(): unknown[] | undefined };
    return { syntax: read.ast(), errors: (read.errors() ?? []).map(parseError) };
  });
}

function read<T>(text: string, by: (text: string) => T): T {
  if (text.length > maxLength) throw new JsonataError('S0502');
  if (defaultNesting(text) > maxDefaultNesting) throw new JsonataError('S0501');
  try {
    return by(text);
  } catch (thrown) {
    throw parseError(thrown);
  }
}

function parseError(thrown: unknown): JsonataError {
  if (thrown instanceof RangeError) return new JsonataError('S0501');
  if (thrown instanceof SyntaxError) return new JsonataError('S0303');
  const { code, position, token } = thrown as { code?: string; position?: number; token?: unknown };
  return new JsonataError(code ?? 'S0201', { position, token: token === undefined ? undefined : String(token) });
}
