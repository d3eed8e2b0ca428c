import { expressionOf, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Evaluation, Scope } from './evaluation.ts';

/**
 * A node's config as the node gets it: defaults filled in, every expression evaluated (in one batch), checked.
 * @throws {MillraceError} `CONFIG_VALUE` naming the field whose value does not fit
 */
export async function resolveConfig(
  config: JsonObject,
  schema: TSchema,
  evaluation: Evaluation,
  scope: Scope,
): Promise<JsonObject> {
  const places = expressionPlaces(config, schema, []);
  const values = await evaluation.all(
    places.map((place) => place.text),
    scope,
  );
  const resolved = Value.Default(schema, replaced(config, places, values)) as JsonObject;
  if (!Value.Check(schema, resolved)) throw unusable(schema, resolved);
  return resolved;
}

function unusable(schema: TSchema, config: JsonObject): MillraceError {
  const [first] = Value.Errors(schema, config);
  const { instancePath: path = '', message = 'does not fit' } = first ?? {};
  return new MillraceError('CONFIG_VALUE', `The setting ${path || '/'} has no usable value: it ${message}.`, {
    pointer: `/config${path}`,
  });
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Where expressions stand: in fields marked `x-expression`, and anywhere inside their literal values. */
function expressionPlaces(value: Json | undefined, schema: TSchema | undefined, path: Place['path']): Place[] {
  const { items, ...marks } = (schema ?? {}) as { items?: TSchema; 'x-expression'?: boolean };
  if (marks['x-expression']) return placesInside(value, path);
  if (Array.isArray(value)) return value.flatMap((item, index) => expressionPlaces(item, items, [...path, index]));
  if (!isPlain(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    expressionPlaces(inner, fieldSchema(schema, key), [...path, key]),
  );
}

function fieldSchema(schema: TSchema | undefined, key: string): TSchema | undefined {
  const { properties, patternProperties, additionalProperties } = (schema ?? {}) as {
    properties?: Record<string, TSchema>;
    patternProperties?: Record<string, TSchema>;
    additionalProperties?: TSchema | boolean;
  };
  const [, byPattern] =
    Object.entries(patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(key)) ?? [];
  return (
    properties?.[key] ?? byPattern ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
  );
}

function placesInside(value: Json | undefined, path: Place['path']): Place[] {
  const text = expressionOf(value);
  if (text !== undefined) return [{ path, text }];
  if (Array.isArray(value)) return value.flatMap((item, index) => placesInside(item, [...path, index]));
  if (!isPlain(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => placesInside(inner, [...path, key]));
}

/** A copy with the values in place of the expressions; a field whose expression has no value is left out. */
function replaced(config: JsonObject, places: readonly Place[], values: readonly (Json | undefined)[]): JsonObject {
  const byPath = new Map(places.map((place, index) => [JSON.stringify(place.path), values[index]]));
  const copy = (value: Json, path: Place['path']): Json | undefined => {
    const key = JSON.stringify(path);
    if (byPath.has(key)) return byPath.get(key);
    if (Array.isArray(value)) return value.map((item, index) => copy(item, [...path, index]) ?? null);
    if (!isPlain(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => {
        const copied = copy(inner, [...path, name]);
        return copied === undefined ? [] : [[name, copied]];
      }),
    );
  };
  return copy(config, []) as JsonObject;
}

function isPlain(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
