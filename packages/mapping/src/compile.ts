import { ExactNumber, MillraceError } from '@millrace/contract';
import { acceptDecimals, Expression, type Syntax } from '@millrace/jsonata';
import { parseFailure } from './failure.ts';
import { lentFunctions } from './functions/register.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';

export interface Compiled {
  readonly expression: Expression;
  readonly syntax: Syntax;
}

/** Longest expression text, in characters. */
const maxLength = 200_000;

// Before any expression is compiled, schemas and data with exact numbers are looked at.
acceptDecimals(ExactNumber);

const cache = new LeastRecentlyUsed<Compiled>(4_000_000);

/**
 * Compiles JSONata text, or finds it compiled before. The result holds nothing of an evaluation, so that many may use
 * it at once: time and randomness are given per evaluation. It may hold regular expressions that take any time: see
 * `Expression.backtracks`.
 * @throws {MillraceError} EXPRESSION_PARSE with `details.jsonata` and `details.position` (characters from the start)
 */
export function compile(text: string): Compiled {
  return cache.get(text, text.length + 1000, () => parse(text));
}

function parse(text: string): Compiled {
  if (text.length > maxLength)
    throw new MillraceError('EXPRESSION_PARSE', `The expression is longer than ${maxLength} characters.`);
  try {
    const expression = new Expression(text, { functions: lentFunctions, decimals: ExactNumber, mayBacktrack: true });
    return { expression, syntax: expression.syntax };
  } catch (thrown) {
    throw parseFailure(thrown);
  }
}
