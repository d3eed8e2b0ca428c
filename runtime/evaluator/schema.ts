import { ExactNumber, isObject, type Json, MillraceError, type Problem, writeJson } from '@millrace/contract';
import { LeastRecentlyUsed } from '@millrace/mapping';
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { judgeEquality } from './equality-keywords.ts';
import { problemsOf } from './problems.ts';

/**
 * No `$data` (its patterns come from the data), no loading of remote references, unknown keywords allowed. Multiples
 * are counted to five digits, so that 1234567.89 is one of 0.01 although no double says so. What every object of JavaScript
 * has, such as `toString`, is no field of the data.
 */
const options: Options = {
  allErrors: true,
  strict: false,
  logger: false,
  verbose: false,
  multipleOfPrecision: 5,
  ownProperties: true,
};

const compiled = new LeastRecentlyUsed<ValidateFunction>(4_000_000);

/**
 * Every problem of the data. Exact numbers are checked as the doubles nearest to them.
 * @throws {MillraceError} SCHEMA_INVALID with the problems of the schema
 */
export function validate(schema: Json, data: Json): Problem[] {
  const check = compile(schema);
  return check(withDoubles(data)) ? [] : problemsOf(check.errors ?? []);
}

/** Every problem of the schema itself, among them references that lead nowhere. */
export function checkSchema(schema: Json): Problem[] {
  try {
    compile(schema);
    return [];
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.options.problems) return [...thrown.options.problems];
    throw thrown;
  }
}

function compile(schema: Json): ValidateFunction {
  const text = writeJson(schema);
  return compiled.get(text, text.length + 10_000, () => compileAnew(schema));
}

/** Each schema has an instance of its own: in a shared one a tenant's `$id` could be referred to by another's schema. */
function compileAnew(schema: Json): ValidateFunction {
  const plain = withDoubles(schema);
  if (!isObject(plain) && typeof plain !== 'boolean')
    throw invalid([problem('TYPE', 'A schema is an object, true or false.')]);
  const ajv = instanceFor(plain);
  try {
    if (!ajv.validateSchema(plain)) throw invalid(problemsOf(ajv.errors ?? []));
    return ajv.compile(plain);
  } catch (thrown) {
    throw thrown instanceof MillraceError ? thrown : invalid([unusable(thrown)]);
  }
}

function instanceFor(schema: unknown): Ajv {
  const dialect = isObject(schema) && typeof schema.$schema === 'string' ? schema.$schema.replace(/#$/, '') : '';
  const Dialect = dialects[dialect.replace(/^https?:\/\/json-schema\.org\//, '')];
  if (!Dialect) throw invalid([problem('SCHEMA_DIALECT', 'Schemas are of draft 2020-12, 2019-09 or 07.', '/$schema')]);
  const ajv = new Dialect(options);
  addFormats.default(ajv);
  judgeEquality(ajv);
  return ajv;
}

const dialects: Readonly<Record<string, typeof Ajv | typeof Ajv2019 | typeof Ajv2020>> = {
  '': Ajv2020,
  'draft/2020-12/schema': Ajv2020,
  'draft/2019-09/schema': Ajv2019,
  'draft-07/schema': Ajv,
};

/** What only shows when code is made of a schema. Ajv's own text is not shown: it may quote what the schema holds. */
function unusable(thrown: unknown): Problem {
  const { missingRef } = thrown as { missingRef?: unknown };
  if (missingRef !== undefined)
    return problem('SCHEMA_REFERENCE', 'A $ref leads to nothing in this schema; nothing is loaded from elsewhere.');
  if (thrown instanceof SyntaxError) return problem('PATTERN', 'A pattern of the schema is no regular expression.');
  return problem('SCHEMA_UNUSABLE', 'The schema cannot be used to check data.');
}

function problem(code: string, message: string, pointer = ''): Problem {
  return { code, pointer, message };
}

function invalid(problems: readonly Problem[]): MillraceError {
  return new MillraceError('SCHEMA_INVALID', 'The JSON Schema is not valid.', { problems });
}

function withDoubles(value: Json): unknown {
  if (value instanceof ExactNumber) return Number(value.digits);
  if (Array.isArray(value)) return value.map(withDoubles);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withDoubles(inner)]))
    : value;
}
