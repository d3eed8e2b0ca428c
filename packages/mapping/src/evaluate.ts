import { type Json, MillraceError } from '@millrace/contract';
import type { Budget } from '@millrace/jsonata';
import { compile } from './compile.ts';
import { dataOut } from './data.ts';
import { evaluationFailure } from './failure.ts';
import type { Activation } from './functions/host.ts';
import type { CodeTables } from './functions/lookup.ts';
import { seededRandom } from './functions/seeded-random.ts';
import { stringLiterals } from './literals.ts';

export interface ExpressionTask {
  /** JSONata, without the braces of a flow's config. */
  readonly text: string;
  /** What `$` is; without it `$` has no value. */
  readonly input?: Json | undefined;
  /** Further names by which the expression finds data, without the `$`. */
  readonly bindings: Readonly<Record<string, Json>>;
  /** The code tables that `$lookup…` finds; see {@link tablesNamed}. */
  readonly tables?: CodeTables;
  /** ISO time that `$now` and `$millis` give. */
  readonly now: string;
  /** Equal seeds give equal `$random` and `$shuffle`. */
  readonly seed: string;
}

/** What an evaluation may use, besides JSONata's own budget. */
export interface Limits extends Partial<Budget> {
  /** Of the result as JSON text, roughly (100 million). */
  readonly outputCharacters?: number;
  /** Regular expressions may take any time, since this process can be killed (no). */
  readonly mayBacktrack?: boolean;
}

const mostOutput = 100_000_000;

/**
 * Evaluates a JSONata expression; nothing when it has no value. The same task always gives the same result, and ends at
 * the same place where it needs more than the budget.
 * @throws {MillraceError} EXPRESSION_PARSE, EXPRESSION_FAILED, EXPRESSION_TIMEOUT, EXPRESSION_MEMORY,
 * EXPRESSION_OUTPUT_TOO_LARGE (each with
 * `details.jsonata`, `details.position`), EXPRESSION_NEEDS_GUARD, EXPRESSION_EVAL_OFF, FIELD_REQUIRED or RESERVED_NAME;
 * no message holds a value of the data
 */
export function evaluate(task: ExpressionTask, limits: Limits = {}): Json | undefined {
  const { outputCharacters = mostOutput, mayBacktrack = false, ...budget } = limits;
  const { expression, syntax } = compile(task.text);
  if (expression.backtracks && !mayBacktrack) throw needsGuard();
  const { input, bindings, tables = {}, now, seed, text } = task;
  const ms = Date.parse(now);
  const context: Activation = { ms, tables };
  try {
    return dataOut(
      expression.evaluate(input, {
        bindings,
        now: ms,
        random: seededRandom(`${seed}\n${text}`),
        context,
        budget,
      }),
      outputCharacters,
    );
  } catch (thrown) {
    throw evaluationFailure(thrown, () => stringLiterals(syntax));
  }
}

/** Whether an expression needs {@link Limits.mayBacktrack}; a text that cannot be read needs nothing. */
export function backtracks(text: string): boolean {
  try {
    return compile(text).expression.backtracks;
  } catch {
    return false;
  }
}

function needsGuard(): MillraceError {
  const message = 'A regular expression of this expression can take any time; it needs a process that can be ended.';
  return new MillraceError('EXPRESSION_NEEDS_GUARD', message);
}
