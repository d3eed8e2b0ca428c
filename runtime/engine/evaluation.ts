import { type ErrorData, type Json, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import { analyse, type CodeTables, followPath, tablesNamed } from '@millrace/mapping';
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
  /** Of the innermost pass, inside a loop. */
  readonly item?: Json;
  readonly index?: number;
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

/** @param tables the code tables that expressions name; without it there are none */
export function evaluationFor(
  evaluator: Evaluator,
  tenant: string,
  tables: (names: readonly string[]) => Promise<CodeTables> = async () => ({}),
): Evaluation {
  return {
    async all(texts, scope, input = scope.input) {
      const found = texts.map((text) => followPath(text, input, everything(scope)));
      const computed = texts.filter((_text, index) => !found[index]);
      if (computed.length === 0) return found.map((one) => one?.value);
      const named = await tables(computed.flatMap(tablesNamed));
      const tasks = computed.map((text) => ({ ...task(text, scope, input), ...tablesOf(text, named) }));
      const results = (await evaluator.evaluate(tenant, tasks)).map(valueIn).values();
      return found.map((one) => (one ? one.value : results.next().value));
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

function tablesOf(text: string, tables: CodeTables): { tables?: CodeTables } {
  const names = tablesNamed(text).filter((name) => Object.hasOwn(tables, name));
  if (names.length === 0) return {};
  return { tables: Object.fromEntries(names.map((name) => [name, tables[name] as CodeTables[string]])) };
}

/** Every name that an expression may read, without the `$`. */
function everything({ input, now, seed, ...scope }: Scope): Record<string, Json> {
  return scope as unknown as Record<string, Json>;
}

/** As much of it as the expression reads, since it travels to another process. */
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
    ...(scope.item !== undefined && { item: scope.item }),
    ...(scope.index !== undefined && { index: scope.index }),
  };
}

function valueIn(result: EvaluationResult): Json | undefined {
  if (result.ok) return result.value;
  const { code, message, ...options } = result.error;
  throw new MillraceError(code, message, options);
}
