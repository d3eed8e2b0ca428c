import { type ErrorData, isObject, type Json, type Problem } from '@millrace/contract';
import type { PlanStep } from './plan.ts';

/** The error that emitting on a failure port amounts to where no edge leaves it. */
export function portFailure(step: PlanStep, port: string, code: string, data: Json): ErrorData {
  const problems = problemsIn(data);
  return {
    category: 'validation',
    code,
    message: `“${titleOf(step)}” ended on “${port}”, which leads nowhere.`,
    details: data,
    ...(problems.length > 0 && { problems }),
  };
}

/** The error of a node that emits where it has no port. */
export function unknownPort(step: PlanStep, port: string): ErrorData {
  return { category: 'validation', code: 'PORT_UNKNOWN', message: `“${titleOf(step)}” has no port “${port}”.` };
}

/** The error of a wait that has ended by time, in a node that has no port for it. */
export function waitExpired(step: PlanStep): ErrorData {
  return { category: 'validation', code: 'WAIT_EXPIRED', message: `“${titleOf(step)}” has waited too long.` };
}

/** What people call a step. */
export function titleOf({ node, type }: PlanStep): string {
  return node.title ?? type.title;
}

/** The problems that a node lists in its data's `errors`, if that is what they are. */
function problemsIn(data: Json): readonly Problem[] {
  const errors = isObject(data) ? data.errors : undefined;
  return Array.isArray(errors) && errors.every(isProblem) ? errors : [];
}

function isProblem(value: Json): boolean {
  return isObject(value) && ['code', 'pointer', 'message'].every((field) => typeof value[field] === 'string');
}
