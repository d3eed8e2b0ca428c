import { setImmediate } from 'node:timers/promises';
import { type Json, MillraceError, toErrorData } from '@millrace/contract';
import { backtracks, type ExpressionTask, evaluate, LeastRecentlyUsed } from '@millrace/mapping';
import type { GuardReason, Metrics } from '../metrics/metrics.ts';
import type { Evaluator } from './evaluator.ts';
import type { EvaluationResult, EvaluationTask } from './protocol.ts';
import { type QuickCheck, quickCheck } from './quick-check/quick-check.ts';

/** What one expression may use of this process: some 20 ms, so that nobody else notices. */
const limits = { fuel: 4_000_000, bytes: 32_000_000, depth: 400, outputCharacters: 4_000_000 };
/** Expressions of one call, for the same reason; the first is begun in any case. */
const callMs = 20;
const turnMs = 10;
/** Where it needs more. D1011 is JSONata's code for what is nested too deeply. */
const beyond = new Set<unknown>(['EXPRESSION_TIMEOUT', 'EXPRESSION_MEMORY', 'EXPRESSION_OUTPUT_TOO_LARGE', 'D1011']);

type Counts = Pick<Metrics, 'evaluated' | 'guarded'>;

/**
 * Evaluates in this process what needs little: JSONata is compiled to closures that reach nothing but their data, and stop
 * by themselves at the end of their budget; of most schemas, it can be told that data fits. All
 * else, and what can take any time, goes to the processes of `pool`; so does, from then on, an expression that once needed
 * more.
 */
export function inlineFirst(pool: Evaluator, metrics: Counts): Evaluator {
  const costly = new LeastRecentlyUsed<true>(1_000_000);
  const checks = new WeakMap<object, QuickCheck>();
  /** Milliseconds since all others in this process had their turn. */
  let spent = 0;

  return {
    async evaluate(tenant, tasks) {
      const end = performance.now() + callMs;
      const results = tasks.map((task, index) => here(task, index === 0 ? Number.POSITIVE_INFINITY : end));
      if (spent > turnMs) await othersTurn();
      const left = tasks.filter((_task, index) => !results[index]);
      const coming = (await pool.evaluate(tenant, left)).values();
      return results.map((result) => result ?? (coming.next().value as EvaluationResult));
    },
    isCostly: (text) => costly.has(text),
    close: () => pool.close(),
  };

  /** Answers that are there at once would leave no turn to whoever waits for the network. */
  async function othersTurn(): Promise<void> {
    spent = 0;
    await setImmediate();
  }

  /** The result, where it is to be had in this process; counted, as is why not. */
  function here(task: EvaluationTask, end: number): EvaluationResult | undefined {
    const reason = reasonToGuard(task, end);
    const result = reason === undefined ? inline(task) : undefined;
    if (!result) metrics.guarded(reason ?? (task.kind === 'expression' ? 'budget' : 'schema'));
    return result;
  }

  function reasonToGuard(task: EvaluationTask, end: number): GuardReason | undefined {
    if (task.kind === 'expression' && backtracks(task.text)) return 'regex';
    if (task.kind === 'expression' && costly.has(task.text)) return 'budget';
    return performance.now() < end ? undefined : 'turn';
  }

  function inline(task: EvaluationTask): EvaluationResult | undefined {
    const began = performance.now();
    const result = task.kind === 'expression' ? expression(task) : validation(task);
    const took = performance.now() - began;
    spent += took;
    if (result) metrics.evaluated(took / 1000, result.ok ? 'value' : 'error', 'engine');
    return result;
  }

  function expression(task: ExpressionTask): EvaluationResult | undefined {
    const result = attempt(task);
    if (!result) costly.get(task.text, task.text.length, () => true);
    return result;
  }

  function validation(task: EvaluationTask): EvaluationResult | undefined {
    if (task.kind !== 'validate' || !isThing(task.schema)) return undefined;
    return checkOf(task.schema)(task.data) === true ? noProblems : undefined;
  }

  /** The schemas of a compiled flow are the same objects for every run. */
  function checkOf(schema: Json & object): QuickCheck {
    const known = checks.get(schema);
    if (known) return known;
    const check = quickCheck(schema) ?? (() => undefined);
    checks.set(schema, check);
    return check;
  }
}

const noProblems: EvaluationResult = { ok: true, value: [] };

function isThing(schema: Json): schema is Json & object {
  return typeof schema === 'object' && schema !== null;
}

/** Nothing where the budget is too small. */
function attempt(task: ExpressionTask): EvaluationResult | undefined {
  try {
    const value = evaluate(task, limits);
    return value === undefined ? { ok: true } : { ok: true, value };
  } catch (thrown) {
    return isBeyond(thrown) ? undefined : { ok: false, error: toErrorData(thrown) };
  }
}

function isBeyond(thrown: unknown): boolean {
  if (!(thrown instanceof MillraceError)) return false;
  const { jsonata } = (thrown.options.details ?? {}) as { jsonata?: unknown };
  return beyond.has(jsonata) || beyond.has(thrown.code);
}
