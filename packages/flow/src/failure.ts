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

/** The error of a step whose next steps would be more than a run may have. */
export function tooManySteps(bound: number): ErrorData {
  const message = `More than ${bound} steps in one run, or in one pass of a loop, are not allowed.`;
  return { category: 'validation', code: 'RUN_TOO_MANY_STEPS', message };
}

/** The error of a loop with more passes than a loop may have. */
export function tooManyPasses(step: PlanStep, bound: number): ErrorData {
  const message = `“${titleOf(step)}” would need more than ${bound} passes.`;
  return { category: 'validation', code: 'LOOP_TOO_MANY_PASSES', message };
}

/** The error of a loop that asks for more, or less, passes at once than there can be. */
export function tooWide(step: PlanStep, concurrency: number, bound: number): ErrorData {
  const message = `“${titleOf(step)}” asks for ${concurrency} passes at once; it can be 1 to ${bound}.`;
  return { category: 'validation', code: 'LOOP_TOO_WIDE', message, details: { concurrency } };
}

/** The error of a node that wants to run a body and has none. */
export function withoutBody(step: PlanStep): ErrorData {
  return { category: 'validation', code: 'BODY_MISSING', message: `“${titleOf(step)}” has no body to run.` };
}

/** The loop's error for one of its passes: where it happened comes in front of the error's own details. */
export function passFailed({ details, ...error }: ErrorData, index: number, step: string): ErrorData {
  return { ...error, details: { index, step, ...(details !== undefined && { details }) } };
}
