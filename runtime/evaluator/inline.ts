import { MillraceError, toErrorData } from '@millrace/contract';
import { type ExpressionTask, evaluate, LeastRecentlyUsed } from '@millrace/mapping';
import type { Metrics } from '../metrics/metrics.ts';
import type { Evaluator } from './evaluator.ts';
import type { EvaluationResult, EvaluationTask } from './protocol.ts';

/** What one expression may use of this process: some 20 ms, so that nobody else notices. */
const limits = { fuel: 4_000_000, bytes: 32_000_000, depth: 400, outputCharacters: 4_000_000 };
/** Expressions of one call, for the same reason. */
const callMs = 20;
/** Where it needs more: JSONata's codes for fuel, bytes and depth, and ours for the result. */
const beyond = new Set<unknown>(['D1021', 'D1022', 'D1011', 'EXPRESSION_OUTPUT_TOO_LARGE']);

/**
 * Evaluates expressions in this process as far as they need little: JSONata is compiled to closures there that reach
 * nothing but their data, and stop by themselves at the end of their budget. What needs more, and what is no JSONata, goes
 * to the processes of `pool`; so does, from then on, an expression that once needed more.
 */
export function inlineFirst(pool: Evaluator, metrics: Pick<Metrics, 'evaluated'>): Evaluator {
  const costly = new LeastRecentlyUsed<true>(1_000_000);

  return {
    async evaluate(tenant, tasks) {
      const end = performance.now() + callMs;
      const results = tasks.map((task) => (performance.now() < end ? inline(task) : undefined));
      const left = tasks.filter((_task, index) => !results[index]);
      const answers = (await pool.evaluate(tenant, left)).values();
      return results.map((result) => result ?? (answers.next().value as EvaluationResult));
    },
    close: () => pool.close(),
  };

  function inline(task: EvaluationTask): EvaluationResult | undefined {
    if (task.kind !== 'expression' || costly.has(task.text)) return undefined;
    const began = performance.now();
    const result = attempt(task);
    if (result) metrics.evaluated((performance.now() - began) / 1000, result.ok ? 'value' : 'error');
    else costly.get(task.text, task.text.length, () => true);
    return result;
  }
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
