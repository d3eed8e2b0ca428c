import type { Json } from '@millrace/contract';
import { locked } from './built-in.ts';
import { compile } from './compile.ts';
import { copyIn, copyOut } from './data.ts';
import { evaluationFailure } from './failure.ts';
import { type Activation, activationName, seededRandom } from './functions/activation.ts';
import { type CodeTables, codeTablesName } from './functions/lookup.ts';
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

/**
 * Evaluates a JSONata expression; nothing when it has no value. The same task always gives the same result.
 * It runs as long and takes as much memory as the expression wants: tenants' expressions belong into an own process.
 * @throws {MillraceError} EXPRESSION_PARSE, EXPRESSION_FAILED (`details.jsonata`, `details.position`),
 * EXPRESSION_EVAL_OFF, FIELD_REQUIRED or RESERVED_NAME; no message holds a value of the data
 */
export async function evaluate(task: ExpressionTask): Promise<Json | undefined> {
  const compiled = compile(task.text);
  await locked;
  try {
    return copyOut(await compiled.expression.evaluate(inputOf(task), bound(task)));
  } catch (thrown) {
    throw evaluationFailure(thrown, () => stringLiterals(compiled.syntax));
  }
}

function inputOf({ input }: ExpressionTask): unknown {
  return input === undefined ? undefined : copyIn(input);
}

function bound({ text, bindings, tables = {}, now, seed }: ExpressionTask): Record<string, unknown> {
  const activation: Activation = { ms: Date.parse(now), random: seededRandom(`${seed}\n${text}`) };
  return { ...(copyIn(bindings) as Record<string, unknown>), [activationName]: activation, [codeTablesName]: tables };
}
