import { expressionOf, isObject, type Json, type JsonObject } from '@millrace/contract';
import type { TSchema } from 'typebox';
import { pointer } from '../pointer.ts';

/** A JSONata text in a node's config. */
export interface ExpressionPlace {
  readonly text: string;
  readonly pointer: string;
  /** Names that are bound here besides those of every expression. */
  readonly bound: readonly string[];
  /** `$` is what the node gets; a text that the node evaluates itself it may evaluate for something else. */
  readonly isOfInput: boolean;
}

/**
 * Finds every expression of a config: `{% … %}` wherever it stands, strings of the schema's `format: 'jsonata'`, and
 * `from` and `each` in the lines of a `format: 'field-map'`.
 */
export function expressionPlaces(schema: TSchema, config: Json, at: string): readonly ExpressionPlace[] {
  return placesIn(config, [schema as unknown as JsonObject], at);
}

function placesIn(value: Json, schemas: readonly JsonObject[], at: string): readonly ExpressionPlace[] {
  const forms = schemas.flatMap(alternatives);
  const has = (format: string) => forms.some((each) => each.format === format);
  if (typeof value === 'string') return textIn(value, has('jsonata'), at);
  if (Array.isArray(value)) {
    if (has('field-map')) return value.flatMap((line, index) => lineTexts(line, at + pointer(index), []));
    return value.flatMap((item, index) => placesIn(item, forms.flatMap(itemSchemas), at + pointer(index)));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    placesIn(
      inner,
      forms.flatMap((form) => memberSchemas(form, name)),
      at + pointer(name),
    ),
  );
}

function textIn(value: string, isJsonata: boolean, at: string): readonly ExpressionPlace[] {
  const inBraces = expressionOf(value);
  const text = inBraces ?? (isJsonata ? value : undefined);
  return text === undefined ? [] : [{ text, pointer: at, bound: [], isOfInput: inBraces !== undefined }];
}

/** Lines under an `each` see the item and its place in the list. */
function lineTexts(line: Json, at: string, bound: readonly string[]): readonly ExpressionPlace[] {
  if (!isObject(line)) return [];
  const own = ['from', 'each'].flatMap((name) => {
    const text = line[name];
    return typeof text === 'string' ? [{ text, pointer: at + pointer(name), bound, isOfInput: false }] : [];
  });
  const inner = line.each === undefined ? bound : ['item', 'index'];
  const below = Array.isArray(line.fields) ? line.fields : [];
  return [...own, ...below.flatMap((each, index) => lineTexts(each, at + pointer('fields', index), inner))];
}

/** A schema and the schemas that it is composed of. */
function alternatives(schema: JsonObject): readonly JsonObject[] {
  const parts = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => schema[name] ?? []).filter(isObject);
  return [schema, ...parts.flatMap(alternatives)];
}

function itemSchemas({ items }: JsonObject): readonly JsonObject[] {
  return isObject(items) ? [items] : [];
}

function memberSchemas(schema: JsonObject, name: string): readonly JsonObject[] {
  const { properties, patternProperties, additionalProperties } = schema;
  const named = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
  const patterned = isObject(patternProperties)
    ? Object.entries(patternProperties).flatMap(([pattern, each]) =>
        new RegExp(pattern, 'u').test(name) ? [each] : [],
      )
    : [];
  const found = [...named, ...patterned];
  return (found.length > 0 ? found : [additionalProperties]).filter((each) => each !== undefined).filter(isObject);
}
