import { type ErrorData, type Json, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import { analyse } from '@millrace/mapping';
import type { Evaluator } from '../evaluator/evaluator.ts';
import type { EvaluationResult, EvaluationTask } from '../evaluator/protocol.ts';

/** Everything an expression of a step may see. */
export interface Scope {
  readonly input: Json;
  readonly trigger: Json;
  readonly steps: Readonly<Record<string, Json>>;
  readonly params: JsonObject;
  readonly run: JsonObject;
  readonly tenant: JsonObject;
  readonly error?: ErrorData;
  /** ISO time and seed from which `$now`, `$millis`, `$random` and `$shuffle` derive: the same when the step runs again. */
  readonly now: string;
  readonly seed: string;
}

/** The tenant's evaluations go to a guarded process; only what an expression reads travels there. */
export interface Evaluation {
  /** Values in the order of the texts; `undefined` where an expression has no value. */
  all(texts: readonly string[], scope: Scope, input?: Json): Promise<(Json | undefined)[]>;
  validate(schema: Json, data: Json): Promise<Problem[]>;
}

export function evaluationFor(evaluator: Evaluator, tenant: string): Evaluation {
  return {
    async all(texts, scope, input = scope.input) {
      if (texts.length === 0) return [];
      const results = await evaluator.evaluate(
        tenant,
        texts.map((text) => task(text, scope, input)),
      );
      return results.map(valueIn);
    },
    async validate(schema, data) {
      const [result] = await evaluator.evaluate(tenant, [{ kind: 'validate', schema, data }]);
      return valueIn(result as EvaluationResult) as unknown as Problem[];
    },
  };
}

function task(text: string, scope: Scope, input: Json): EvaluationTask {
  return { kind: 'expression', text, input, bindings: bindings(text, scope), now: scope.now, seed: scope.seed };
}

function bindings(text: string, scope: Scope): Record<string, Json> {
  const reads = analyse(text);
  const steps = reads.readsAllSteps
    ? scope.steps
    : Object.fromEntries(reads.steps.flatMap((id) => (id in scope.steps ? [[id, scope.steps[id] as Json]] : [])));
  return {
    steps,
    params: scope.params,
    run: scope.run,
    tenant: scope.tenant,
    ...(reads.needs.trigger && { trigger: scope.trigger }),
    ...(scope.error && { error: scope.error as unknown as Json }),
  };
}

function valueIn(result: EvaluationResult): Json | undefined {
  if (result.ok) return result.value;
  const { code, message, ...options } = result.error;
  throw new MillraceError(code, message, options);
}
