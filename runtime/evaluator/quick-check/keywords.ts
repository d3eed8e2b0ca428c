import { isObject, type Json, type JsonObject } from '@millrace/contract';
import { anything, type Check, every, type Keyword } from './check.ts';
import { linearPattern } from './pattern.ts';

const nothingAsked: Keyword = () => anything;

/** Keywords that are checked here, as ajv does; a schema with any other is left to it. */
export const keywords: Readonly<Record<string, Keyword>> = {
  $schema: nothingAsked,
  $comment: nothingAsked,
  $defs: nothingAsked,
  definitions: nothingAsked,
  title: nothingAsked,
  description: nothingAsked,
  default: nothingAsked,
  examples: nothingAsked,
  deprecated: nothingAsked,
  readOnly: nothingAsked,
  writeOnly: nothingAsked,

  $ref: reference,
  allOf: (schemas, { compile }) => every((schemas as Json[]).map(compile)),
  anyOf: (schemas, { compile }) => some((schemas as Json[]).map(compile)),
  type: (type) => some([type].flat().map((name) => types[name as string])),
  enum: (values) => oneOf(values as Json[]),
  const: (value) => oneOf([value]),

  minimum: (least) => ofNumbers((number) => number >= (least as number)),
  maximum: (most) => ofNumbers((number) => number <= (most as number)),
  exclusiveMinimum: (bound) => ofNumbers((number) => number > (bound as number)),
  exclusiveMaximum: (bound) => ofNumbers((number) => number < (bound as number)),

  minLength: (least) => ofTexts((text) => text.length >= (least as number) && characters(text) >= (least as number)),
  maxLength: (most) => ofTexts((text) => text.length <= (most as number) || characters(text) <= (most as number)),
  pattern,

  items: (schema, place) => (hasTuple(place.schema) ? undefined : items(place.compile(schema))),
  minItems: (least) => ofLists((list) => list.length >= (least as number)),
  maxItems: (most) => ofLists((list) => list.length <= (most as number)),

  required: (names) => required(names as string[]),
  properties: (schemas, { compile }) => properties(schemas as JsonObject, compile),
  additionalProperties: (schema, place) => additionalProperties(schema, place.schema, place.compile),
  minProperties: (least) => ofObjects((object) => Object.keys(object).length >= (least as number)),
  maxProperties: (most) => ofObjects((object) => Object.keys(object).length <= (most as number)),
};

const types: Readonly<Record<string, Check>> = {
  null: (data) => data === null,
  boolean: (data) => typeof data === 'boolean',
  number: (data) => typeof data === 'number',
  integer: (data) => Number.isInteger(data),
  string: (data) => typeof data === 'string',
  array: (data) => Array.isArray(data),
  object: isObject,
};

/** Only those within the schema itself, with nothing beside them that drafts understand differently. */
function reference(pointer: Json, { schema, find, compile }: Parameters<Keyword>[1]): Check | undefined {
  const target = Object.keys(schema).length === 1 ? find(pointer as string) : undefined;
  return target === undefined ? undefined : compile(target);
}

function some(checks: readonly (Check | undefined)[]): Check | undefined {
  const parts = checks.flatMap((check) => check ?? []);
  if (parts.length < checks.length) return undefined;
  return parts.length === 1 ? parts[0] : (data, work) => parts.some((part) => part(data, work));
}

function oneOf(values: readonly Json[]): Check | undefined {
  if (values.some((value) => typeof value === 'object' && value !== null)) return undefined;
  const known = new Set(values);
  return (data) => known.has(data);
}

function pattern(source: Json): Check | undefined {
  const matches = linearPattern(source as string);
  return matches && ((data, work) => typeof data !== 'string' || matches(data, work));
}

/** In other drafts they are of another name, and change what `items` means. */
function hasTuple(schema: JsonObject): boolean {
  return Array.isArray(schema.items) || schema.prefixItems !== undefined || schema.additionalItems !== undefined;
}

function items(check: Check | undefined): Check | undefined {
  return check && ((data, work) => !Array.isArray(data) || data.every((item: Json) => check(item, work)));
}

function required(names: readonly string[]): Check | undefined {
  if (names.some(isInherited)) return undefined;
  return ofObjects((object) => names.every((name) => Object.hasOwn(object, name)));
}

function properties(schemas: JsonObject, compile: (schema: Json) => Check | undefined): Check | undefined {
  const checks: (readonly [name: string, check: Check])[] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const check = isInherited(name) ? undefined : compile(schema);
    if (!check) return undefined;
    checks.push([name, check]);
  }
  return (data, work) =>
    !isObject(data) || checks.every(([name, check]) => !Object.hasOwn(data, name) || check(data[name] as Json, work));
}

function additionalProperties(
  schema: Json,
  { properties: known = {}, patternProperties }: JsonObject,
  compile: (schema: Json) => Check | undefined,
): Check | undefined {
  if (patternProperties !== undefined) return undefined;
  const check = schema === false ? never : compile(schema);
  const names = new Set(Object.keys(known as JsonObject));
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

/** Ajv finds these in every object. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

function ofNumbers(fits: (number: number) => boolean): Check {
  return (data) => typeof data !== 'number' || fits(data);
}

function ofTexts(fits: (text: string) => boolean): Check {
  return (data) => typeof data !== 'string' || fits(data);
}

function ofLists(fits: (list: readonly Json[]) => boolean): Check {
  return (data) => !Array.isArray(data) || fits(data);
}

function ofObjects(fits: (object: JsonObject) => boolean): Check {
  return (data) => !isObject(data) || fits(data);
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
