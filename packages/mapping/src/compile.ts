import { MillraceError } from '@millrace/contract';
import jsonata from 'jsonata';
import { parseFailure } from './failure.ts';
import { registerFunctions } from './functions/register.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import { defaultNesting } from './scan.ts';
import type { Syntax } from './syntax.ts';

export interface Compiled {
  readonly text: string;
  readonly expression: jsonata.Expression;
  readonly syntax: Syntax;
}

/** Longest expression text, in characters. */
const maxLength = 200_000;
/** JSONata copies the left side of `??` and `?:`, so nesting them to the left doubles the tree each time. */
const maxDefaultNesting = 6;
/** Evaluations open at once, nested or side by side; a runaway recursion ends here before memory does. */
const maxDepth = 100_000;

/** An own, frozen class, because an expression that gets hold of the engine's object must not reach the real one. */
class Regex extends RegExp {}
const options = Object.freeze({ RegexEngine: Object.freeze(Regex) as RegExpConstructor, stack: maxDepth });

const cache = new LeastRecentlyUsed<Compiled>(4_000_000);

/**
 * Compiles JSONata text, or finds it compiled before. The result holds nothing of an evaluation, so that many may use
 * it at once: the tree is frozen, functions are stateless, time and randomness are bound per evaluation.
 * @throws {MillraceError} EXPRESSION_PARSE with `details.jsonata` and `details.position` (characters from the start)
 */
export function compile(text: string): Compiled {
  return cache.get(text, text.length + 1000, () => parse(text));
}

function parse(text: string): Compiled {
  if (text.length > maxLength) throw refused(`The expression is longer than ${maxLength} characters.`);
  if (defaultNesting(text) > maxDefaultNesting) throw refused('The operators ?? and ?: are nested too deeply.');
  try {
    const expression = jsonata(text, options);
    registerFunctions(expression);
    return { text, expression, syntax: deepFreeze(expression.ast()) as unknown as Syntax };
  } catch (thrown) {
    throw parseFailure(thrown);
  }
}

function refused(message: string): MillraceError {
  return new MillraceError('EXPRESSION_PARSE', message);
}

function deepFreeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return value;
}
