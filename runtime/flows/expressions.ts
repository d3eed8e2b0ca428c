import type { CatalogueDescription, Problem } from '@millrace/contract';
import { expressionsOf, type FlowExpression } from '@millrace/flow';
import { type Reason, whereItRuns } from '@millrace/mapping';
import type { Evaluator } from '../evaluator/evaluator.ts';

/** An expression of a flow, and in which process it is evaluated. */
export interface ListedExpression extends FlowExpression {
  /** See `WhereItRuns` of the mapping package. */
  readonly runs: 'engine' | 'guarded' | 'refused';
  /** Why not in the engine's process; BUDGET_EXCEEDED has no range. */
  readonly why: readonly (Omit<Reason, 'range'> & Partial<Reason>)[];
}

const overBudget = {
  code: 'BUDGET_EXCEEDED',
  message: 'It has needed more than the engine’s process allows, and is evaluated in a guarded process since.',
};

/** Every expression of a flow with where it is evaluated; what an expression has needed is known since this process began. */
export function listExpressions(
  flow: unknown,
  types: CatalogueDescription,
  evaluator: Pick<Evaluator, 'isCostly'>,
): ListedExpression[] {
  return expressionsOf(flow, types).map((expression) => {
    const { runs, why } = whereItRuns(expression.text);
    const isCostly = runs === 'engine' && evaluator.isCostly(expression.text);
    return { ...expression, ...(isCostly ? { runs: 'guarded', why: [overBudget] } : { runs, why }) };
  });
}

/** What is worth knowing of expressions that are not evaluated in the engine's process. */
export function guardNotices(flow: unknown, types: CatalogueDescription): Problem[] {
  return expressionsOf(flow, types).flatMap(({ pointer, text }) => {
    const { runs, why } = whereItRuns(text);
    if (runs !== 'guarded') return [];
    return why.map(({ message, range }) => ({
      code: 'EXPRESSION_GUARDED',
      pointer,
      message: `${message} It is evaluated in a guarded process, which takes longer and is ended when it takes too long.`,
      severity: 'notice' as const,
      range,
    }));
  });
}
