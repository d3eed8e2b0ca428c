import { expressionOf, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { Evaluation, Scope } from './evaluation.ts';

/** What is known of a config before any of its expressions has a value. */
interface Prepared {
  /** The config with its defaults, and the expressions as they are written. */
  readonly config: JsonObject;
  readonly places: readonly Place[];
  /** Where the places are, as a tree. */
  readonly holes: Holes;
  /** The config itself, where nothing in it is an expression. */
  readonly whole?: JsonObject;
}

/** Compiled: the schemas of nodes are code of this instance, nobody else's text. */
const validators = new WeakMap<TSchema, Validator>();

/** Flows are compiled once, so that their configs are the same objects for every run. */
const known = new WeakMap<JsonObject, Prepared>();

/**
 * A node's config as the node gets it: defaults filled in, every expression evaluated (in one batch), checked. It is not
 * to be changed: it may be that of every run.
 * @throws {MillraceError} `CONFIG_VALUE` naming the field whose value does not fit
 */
export async function resolveConfig(
  config: JsonObject,
  schema: TSchema,
  evaluation: Evaluation,
  scope: Scope,
): Promise<JsonObject> {
  const prepared = known.get(config) ?? prepare(config, schema);
  known.set(config, prepared);
  const { places, holes, whole } = prepared;
  if (whole) return whole;
  const values = await evaluation.all(
    places.map((place) => place.text),
    scope,
  );
  const filled = fill(prepared.config, holes, values) as JsonObject;
  // Filling in defaults is costly, and only what has no value may need one.
  return checked(values.includes(undefined) ? withDefaults(filled, schema) : filled, schema);
}

function prepare(config: JsonObject, schema: TSchema): Prepared {
  const whole = withDefaults(copy(config) as JsonObject, schema);
  const places = expressionPlaces(whole, [schema], []);
  const holes: Holes = { inner: new Map() };
  for (const [index, { path }] of places.entries()) dig(holes, path, index);
  return { config: whole, places, holes, ...(places.length === 0 && { whole: checked(whole, schema) }) };
}

function withDefaults(config: JsonObject, schema: TSchema): JsonObject {
  return Value.Default(schema, config) as JsonObject;
}

function checked(config: JsonObject, schema: TSchema): JsonObject {
  const validator = validators.get(schema) ?? Compile(schema);
  validators.set(schema, validator);
  if (!validator.Check(config)) throw unusable(schema, config);
  return config;
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

/** Where expressions stand: in fields that some alternative marks `x-expression`, and anywhere inside their literal values. */
function expressionPlaces(value: Json | undefined, schemas: readonly TSchema[], path: Place['path']): Place[] {
  const forms = schemas.flatMap(alternatives) as { items?: TSchema; 'x-expression'?: boolean }[];
  if (forms.some((form) => form['x-expression'])) return placesInside(value, path);
  if (Array.isArray(value)) {
    const ofItems = forms.flatMap(({ items }) => items ?? []);
    return value.flatMap((item, index) => expressionPlaces(item, ofItems, [...path, index]));
  }
  if (!isPlain(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    expressionPlaces(
      inner,
      (forms as TSchema[]).flatMap((form) => fieldSchema(form, key) ?? []),
      [...path, key],
    ),
  );
}

/** A schema and those of which it is a choice. */
function alternatives(schema: TSchema): readonly TSchema[] {
  const { anyOf = [] } = schema as { anyOf?: readonly TSchema[] };
  return [schema, ...anyOf.flatMap(alternatives)];
}

function fieldSchema(schema: TSchema, key: string): TSchema | undefined {
  const { properties, patternProperties, additionalProperties } = schema as {
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

interface Holes {
  /** Which value goes here. */
  place?: number;
  readonly inner: Map<string | number, Holes>;
}

function dig(holes: Holes, path: Place['path'], place: number): void {
  let at = holes;
  for (const step of path) {
    const next = at.inner.get(step) ?? { inner: new Map() };
    at.inner.set(step, next);
    at = next;
  }
  at.place = place;
}

/** A copy with the values in the holes; a field whose expression has no value is left out. */
function fill(value: Json, { place, inner }: Holes, values: readonly (Json | undefined)[]): Json | undefined {
  if (place !== undefined) return values[place];
  const filled = (each: Json, step: string | number) => {
    const hole = inner.get(step);
    return hole ? fill(each, hole, values) : copy(each);
  };
  if (Array.isArray(value)) return value.map((item, index) => filled(item, index) ?? null);
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const copy = filled(each, name);
      return copy === undefined ? [] : [[name, copy]];
    }),
  );
}

/** Defaults are filled in in place. Numbers that are kept exact are objects, and stay what they are. */
function copy(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => copy(item as Json));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copy(inner)]));
}

function isPlain(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
