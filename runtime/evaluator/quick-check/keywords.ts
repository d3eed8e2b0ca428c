import { isObject, type Json, type JsonObject } from '@millrace/contract';
import { anything, type Check, every, type Keyword, type Place } from './check.ts';
import { formats } from './formats.ts';
import { linearPattern } from './pattern.ts';
import { giveUp } from './work.ts';

/** Keywords that are checked here, as ajv does; a schema with any other is left to it. */
export const keywords: Readonly<Record<string, Keyword>> = {
  $schema: (dialect) => nothingAsked(dialects.has(dialect)),
  $comment: text,
  title: text,
  description: text,
  default: () => anything,
  examples: (values) => nothingAsked(Array.isArray(values)),
  deprecated: flag,
  readOnly: flag,
  writeOnly: flag,

  $defs: definitions,
  definitions,
  $ref: reference,
  allOf: (schemas, { compile }) => (isFilled(schemas) ? every(schemas.map(compile)) : undefined),
  anyOf: (schemas, { compile }) => (isFilled(schemas) ? some(schemas.map(compile)) : undefined),
  type: typed,
  enum: (values) => (isFilled(values) ? oneOf(values) : undefined),
  const: (value) => oneOf([value]),

  minimum: ofNumbers((number, least) => number >= least),
  maximum: ofNumbers((number, most) => number <= most),
  exclusiveMinimum: ofNumbers((number, bound) => number > bound),
  exclusiveMaximum: ofNumbers((number, bound) => number < bound),
  multipleOf: (unit) => (typeof unit === 'number' && unit > 0 ? multipleOf(unit) : undefined),

  minLength: ofTexts((text, least) => text.length >= least && characters(text) >= least),
  maxLength: ofTexts((text, most) => text.length <= most || characters(text) <= most),
  pattern,
  format,

  items: (schema, place) => (hasTuple(place.schema) ? undefined : items(place.compile(schema))),
  minItems: ofLists((list, least) => list.length >= least),
  maxItems: ofLists((list, most) => list.length <= most),
  uniqueItems: (areUnique) => (areUnique === true ? uniqueItems : nothingAsked(areUnique === false)),

  required,
  properties,
  additionalProperties: (schema, place) => additionalProperties(schema, place.schema, place.compile),
  minProperties: ofObjects((object, least) => Object.keys(object).length >= least),
  maxProperties: ofObjects((object, most) => Object.keys(object).length <= most),
};

const dialects: ReadonlySet<Json> = new Set(
  ['https://json-schema.org/draft/2020-12/schema', 'https://json-schema.org/draft/2019-09/schema'].concat(
    ['', '#'].map((end) => `http://json-schema.org/draft-07/schema${end}`),
  ),
);

/** For what says something to people. */
function nothingAsked(isSound: boolean): Check | undefined {
  return isSound ? anything : undefined;
}

function text(value: Json): Check | undefined {
  return nothingAsked(typeof value === 'string');
}

function flag(value: Json): Check | undefined {
  return nothingAsked(typeof value === 'boolean');
}

const types: Readonly<Record<string, Check>> = {
  null: (data) => data === null,
  boolean: (data) => typeof data === 'boolean',
  number: (data) => typeof data === 'number',
  integer: (data) => Number.isInteger(data),
  string: (data) => typeof data === 'string',
  array: (data) => Array.isArray(data),
  object: isObject,
};

function typed(type: Json): Check | undefined {
  const names = [type].flat();
  const isSound = isFilled(names) && areUnique(names);
  return isSound
    ? some(names.map((name) => (typeof name === 'string' && Object.hasOwn(types, name) ? types[name] : undefined)))
    : undefined;
}

/** They ask nothing of the data, and are sound only where all are. */
function definitions(schemas: Json, { compile }: Place): Check | undefined {
  return nothingAsked(isObject(schemas) && Object.values(schemas).every(compile));
}

/** Only those within the schema itself, with nothing beside them that drafts understand differently. */
function reference(pointer: Json, { schema, find, compile }: Place): Check | undefined {
  const isAlone = typeof pointer === 'string' && Object.keys(schema).length === 1;
  const target = isAlone ? find(pointer) : undefined;
  return target === undefined ? undefined : compile(target);
}

function some(checks: readonly (Check | undefined)[]): Check | undefined {
  const parts = checks.flatMap((check) => check ?? []);
  if (parts.length < checks.length) return undefined;
  return parts.length === 1 ? parts[0] : (data, work) => parts.some((part) => part(data, work));
}

function oneOf(values: readonly Json[]): Check | undefined {
  if (values.some((value) => typeof value === 'object' && value !== null) || !areUnique(values)) return undefined;
  const known = new Set(values);
  return (data) => known.has(data);
}

function pattern(source: Json): Check | undefined {
  const matches = typeof source === 'string' ? linearPattern(source) : undefined;
  return matches && ((data, work) => typeof data !== 'string' || matches(data, work));
}

function format(name: Json): Check | undefined {
  const check = typeof name === 'string' && Object.hasOwn(formats, name) ? formats[name] : undefined;
  return check && ((data, work) => typeof data !== 'string' || check(data, work));
}

/** How far from a whole number the quotient may be: 1234567.89 is a multiple of 0.01, although no double says so. */
const multipleOfTolerance = 1e-5;

function multipleOf(unit: number): Check {
  return (data) => {
    if (typeof data !== 'number') return true;
    const times = data / unit;
    return !(Math.abs(Math.round(times) - times) > multipleOfTolerance);
  };
}

/** Which objects and lists are equal is for ajv to tell. */
const uniqueItems: Check = (data, work) => {
  if (!Array.isArray(data)) return true;
  work.spend(data.length);
  return data.some((item) => typeof item === 'object' && item !== null) ? giveUp() : areUnique(data);
};

/** In other drafts they are of another name, and change what `items` means. */
function hasTuple(schema: JsonObject): boolean {
  return Array.isArray(schema.items) || schema.prefixItems !== undefined || schema.additionalItems !== undefined;
}

function items(check: Check | undefined): Check | undefined {
  return check && ((data, work) => !Array.isArray(data) || data.every((item: Json) => check(item, work)));
}

function required(names: Json): Check | undefined {
  if (!Array.isArray(names) || !names.every(isPlainName) || !areUnique(names)) return undefined;
  return (data) => !isObject(data) || names.every((name) => Object.hasOwn(data, name));
}

function properties(schemas: Json, { compile }: Place): Check | undefined {
  if (!isObject(schemas)) return undefined;
  const checks: (readonly [name: string, check: Check])[] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const check = isPlainName(name) ? compile(schema) : undefined;
    if (!check) return undefined;
    checks.push([name, check]);
  }
  return (data, work) =>
    !isObject(data) || checks.every(([name, check]) => !Object.hasOwn(data, name) || check(data[name] as Json, work));
}

function additionalProperties(
  schema: Json,
  { properties: known = {}, patternProperties }: JsonObject,
  compile: Place['compile'],
): Check | undefined {
  if (patternProperties !== undefined || !isObject(known)) return undefined;
  const check = schema === false ? never : compile(schema);
  const names = new Set(Object.keys(known));
  return (
    check &&
    ((data, work) => {
      if (!isObject(data)) return true;
      const own = Object.keys(data);
      work.spend(own.length);
      return own.every((name) => names.has(name) || check(data[name] as Json, work));
    })
  );
}

const never: Check = () => false;

/** Ajv finds the others in every object. */
function isPlainName(name: Json): name is string {
  return typeof name === 'string' && !(name in Object.prototype);
}

function isFilled(list: Json): list is Json[] {
  return Array.isArray(list) && list.length > 0;
}

function areUnique(values: readonly Json[]): boolean {
  return new Set(values).size === values.length;
}

function ofNumbers(fits: (number: number, bound: number) => boolean): Keyword {
  return (bound) => (typeof bound === 'number' ? (data) => typeof data !== 'number' || fits(data, bound) : undefined);
}

function ofTexts(fits: (text: string, count: number) => boolean): Keyword {
  return counting((data, count) => typeof data !== 'string' || fits(data, count));
}

function ofLists(fits: (list: readonly Json[], count: number) => boolean): Keyword {
  return counting((data, count) => !Array.isArray(data) || fits(data, count));
}

function ofObjects(fits: (object: JsonObject, count: number) => boolean): Keyword {
  return counting((data, count) => !isObject(data) || fits(data, count));
}

function counting(fits: (data: Json, count: number) => boolean): Keyword {
  return (count) =>
    typeof count === 'number' && Number.isInteger(count) && count >= 0 ? (data) => fits(data, count) : undefined;
}

/** As JSON Schema counts them: code points. */
function characters(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at++)
    if (isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1))) {
      count--;
      at++;
    }
  return count;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
