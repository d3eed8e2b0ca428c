import { expressionPattern, isObject, type Json, type JsonObject, type Problem } from '@millrace/contract';
import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Settings } from 'typebox/system';
import { Errors } from 'typebox/value';
import { pointer } from '../pointer.ts';

/** TypeBox stops at 8 unless told. */
const maxErrors = 2000;

/**
 * What is wrong with a value by a schema, checked by TypeBox's interpreter, so that it works under a strict
 * content-security policy. A value that fits none of several alternatives gives one problem, except that for a field
 * which may be an expression the literal's problems are given.
 * @param at pointer of the value, put before the problems' own
 */
export function schemaProblems(schema: TSchema, value: unknown, code: string, at = ''): readonly Problem[] {
  const errors = allErrors(schema, value);
  const alternatives = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const wanted = errors.filter((error) => !isNoise(error) && !alternatives.some((each) => hides(schema, each, error)));
  return wanted.flatMap((error) => problemsOf(error, choiceAt(schema, error), code, at));
}

function allErrors(schema: TSchema, value: unknown): readonly TLocalizedValidationError[] {
  const before = Settings.Get().maxErrors;
  Settings.Set({ maxErrors });
  try {
    return Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors: before });
  }
}

/**
 * TypeBox reports a forbidden property twice: as one that should not be there, and as one that fits `false`. And it
 * holds durations against ISO 8601, where the contract's pattern allows short ones as well.
 */
function isNoise(error: TLocalizedValidationError): boolean {
  if (error.keyword === 'format') return error.params.format === 'duration';
  return error.keyword === 'boolean' && error.schemaPath.endsWith('/additionalProperties');
}

/** Whether an error is part of a failed choice that is told otherwise, or is the choice that its parts tell better. */
function hides(schema: TSchema, choice: TLocalizedValidationError, error: TLocalizedValidationError): boolean {
  if (!`${error.instancePath}/`.startsWith(`${choice.instancePath}/`)) return false;
  const isExpression = mayBeExpression(schema, choice);
  if (error === choice) return isExpression;
  const path = `${choice.schemaPath}/${choice.keyword}/`;
  return error.schemaPath.startsWith(path) && !(isExpression && error.schemaPath.startsWith(`${path}1`));
}

/** The choice between an expression and a literal, as `authoringSchema` writes it. */
function mayBeExpression(schema: TSchema, choice: TLocalizedValidationError): boolean {
  return choiceAt(schema, choice)[0]?.pattern === expressionPattern.source;
}

/** The alternatives of the choice that an error is about. */
function choiceAt(schema: TSchema, { keyword, schemaPath }: TLocalizedValidationError): readonly JsonObject[] {
  const found = schemaAt(schema as unknown as Json, schemaPath.split('/').slice(1));
  const alternatives = isObject(found) ? found[keyword] : undefined;
  return Array.isArray(alternatives) ? alternatives.filter(isObject) : [];
}

/** TypeBox does not escape a schema path, so a name with slashes (a pattern) is found by trying. */
function schemaAt(schema: Json | undefined, path: readonly string[]): Json | undefined {
  if (path.length === 0) return schema;
  if (typeof schema !== 'object' || schema === null) return undefined;
  for (let length = 1; length <= path.length; length += 1) {
    const name = path.slice(0, length).join('/');
    if (Object.hasOwn(schema, name)) return schemaAt((schema as Record<string, Json>)[name], path.slice(length));
  }
  return undefined;
}

function problemsOf(
  error: TLocalizedValidationError,
  choice: readonly JsonObject[],
  code: string,
  at: string,
): readonly Problem[] {
  const place = at + error.instancePath;
  const problem = (message: string, ...below: readonly string[]): Problem => ({
    code,
    pointer: place + pointer(...below),
    message,
  });
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => problem(`“${name}” is missing.`, name));
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => problem(`There is nothing called “${name}” here.`, name));
    case 'const':
      return [problem(`This must be ${JSON.stringify(error.params.allowedValue)}.`)];
    case 'enum':
      return [problem(oneOf(error.params.allowedValues.map((each) => JSON.stringify(each))))];
    case 'anyOf':
    case 'oneOf':
      return [problem(noneFits(choice))];
    case 'type':
      return [problem(`This must be of type ${[error.params.type].flat().join(' or ')}.`)];
    default:
      return [problem(`This ${error.message}.`)];
  }
}

function noneFits(choice: readonly JsonObject[]): string {
  const names = choice.map(({ title, const: value }) => (value === undefined ? title : JSON.stringify(value)));
  const known = names.filter((name) => typeof name === 'string');
  return known.length === choice.length
    ? oneOf(known)
    : 'This must have exactly one of the forms that are possible here.';
}

function oneOf(names: readonly string[]): string {
  return `This must be one of these: ${names.join(', ')}.`;
}
