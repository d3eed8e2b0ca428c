import type { Problem } from '@millrace/contract';
import type { ErrorObject } from 'ajv';
import { expectation } from './expectation.ts';

/** More would help nobody; a list of a million wrong items must not become a million sentences. */
const maxProblems = 1000;

/** Ajv's errors as problems: where, and what was expected, never the value that was found. */
export function problemsOf(errors: readonly ErrorObject[]): Problem[] {
  const telling = withoutOtherBranches(errors).filter(({ keyword }) => keyword !== 'if');
  const problems = telling.slice(0, maxProblems).map(problemOf);
  return [...new Map(problems.map((problem) => [`${problem.pointer} ${problem.message}`, problem])).values()];
}

function problemOf(error: ErrorObject): Problem {
  return { code: codeOf(error.keyword), pointer: pointerOf(error), message: expectation(error) };
}

/** A missing or surplus field is pointed to itself. */
function pointerOf({ instancePath, params }: ErrorObject): string {
  const field: unknown =
    params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName;
  if (typeof field !== 'string') return instancePath;
  return `${instancePath}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const codes: Readonly<Record<string, string>> = {
  dependentRequired: 'REQUIRED',
  dependencies: 'REQUIRED',
  additionalProperties: 'ADDITIONAL_PROPERTY',
  unevaluatedProperties: 'ADDITIONAL_PROPERTY',
  additionalItems: 'MAX_ITEMS',
  unevaluatedItems: 'MAX_ITEMS',
  'false schema': 'NOT',
};

function codeOf(keyword: string): string {
  return codes[keyword] ?? keyword.replace(/[A-Z]/g, '_$&').toUpperCase();
}

/**
 * Of `anyOf` and `oneOf` ajv reports every branch. Where the data is of the kind of one branch only, that branch's
 * problems are the telling ones; otherwise the choice as a whole is.
 */
function withoutOtherBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  return errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .reduce((left, choice) => decided(left, choice), errors);
}

function decided(errors: readonly ErrorObject[], choice: ErrorObject): readonly ErrorObject[] {
  const branches = Map.groupBy(errors, (error) => branchOf(error, choice));
  const outside = branches.get(undefined) ?? [];
  branches.delete(undefined);
  const fitting = [...branches.values()].filter((branch) => !branch.some((error) => isOfOtherKind(error, choice)));
  const [only] = fitting;
  if (fitting.length !== 1 || !only) return outside;
  return [...outside.filter((error) => error !== choice), ...only];
}

function branchOf(error: ErrorObject, choice: ErrorObject): string | undefined {
  const within = `${choice.schemaPath}/`;
  return error.schemaPath.startsWith(within) ? error.schemaPath.slice(within.length).split('/')[0] : undefined;
}

function isOfOtherKind({ keyword, instancePath }: ErrorObject, choice: ErrorObject): boolean {
  return instancePath === choice.instancePath && ['type', 'const', 'enum', 'false schema'].includes(keyword);
}
