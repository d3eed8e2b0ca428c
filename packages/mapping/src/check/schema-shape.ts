import { ExactNumber, isObject, type Json, type JsonObject } from '@millrace/contract';
import {
  anything,
  both,
  either,
  type Kind,
  kinds,
  listOf,
  type Member,
  nothing,
  objectOf,
  ofKind,
  type Shape,
  unknown,
  withPresence,
} from './shape.ts';

/**
 * What a JSON Schema (2020-12, 2019-09, draft-07) says about a value that fits it. Keywords that only narrow further,
 * and references that lead out of the schema, are passed over: the shape then holds more than the schema allows.
 */
export function shapeOfSchema(schema: Json): Shape {
  const known = isObject(schema) ? documents.get(schema) : undefined;
  if (known) return known;
  const shape = new SchemaReader(schema).read(schema);
  if (isObject(schema)) documents.set(schema, shape);
  return shape;
}

/** Schemas are looked at again for every mapping behind them. */
const documents = new WeakMap<JsonObject, Shape>();

class SchemaReader {
  readonly #root: Json;
  readonly #shapes = new Map<JsonObject, Shape>();
  #refers: boolean | undefined;

  constructor(root: Json) {
    this.#root = root;
  }

  /** Of a schema that leads to itself without a field or an item in between, nothing is known. */
  read(schema: Json): Shape {
    if (schema === false) return { ...nothing, presence: 'always' };
    if (!isObject(schema)) return anything;
    const known = this.#shapes.get(schema);
    if (known) return known;
    this.#shapes.set(schema, anything);
    const shape = this.#readAnew(schema);
    this.#shapes.set(schema, shape);
    return shape;
  }

  #readAnew(schema: JsonObject): Shape {
    const { $ref, allOf, anyOf, oneOf } = schema;
    const target = typeof $ref === 'string' ? this.#readReference($ref) : undefined;
    const choices = [anyOf, oneOf].flatMap((choice) =>
      isFilled(choice) ? [choice.map((each) => this.read(each))] : [],
    );
    const parts = [
      ...(target ? [target] : []),
      ...(isFilled(allOf) ? allOf.map((each) => this.read(each)) : []),
      ...choices.map((alternatives) => alternatives.reduce(either)),
    ];
    return parts.reduce(both, this.#readOwn(schema));
  }

  /** What the schema says itself, without those that it is put together from. */
  #readOwn(schema: JsonObject): Shape {
    if (!Object.keys(schema).some((keyword) => ownKeywords.has(keyword))) return anything;
    const { required, properties, minItems } = schema;
    const always = new Set(strings(required));
    return {
      ...anything,
      kinds: kindsOf(schema),
      required: [...always],
      names: isObject(properties) ? Object.keys(properties) : [],
      member: (name) => this.#member(schema, name, always.has(name)),
      items: () => this.#items(schema),
      filled: typeof minItems === 'number' && minItems > 0,
    };
  }

  #member(schema: JsonObject, name: string, isRequired: boolean): Member {
    const { properties, patternProperties, additionalProperties } = schema;
    const own = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    const presence = isRequired ? 'always' : 'optional';
    if (own !== undefined) return { shape: withPresence(this.read(own), presence), declared: true };
    if (isObject(patternProperties)) return { shape: isRequired ? anything : unknown, declared: true };
    if (additionalProperties === false) return { shape: nothing, declared: false };
    const others = additionalProperties === undefined ? anything : this.read(additionalProperties);
    const declared = isRequired || additionalProperties !== undefined || (isObject(properties) ? false : undefined);
    return { shape: withPresence(others, isRequired ? 'always' : 'unknown'), declared };
  }

  /** Lists whose first items have schemas of their own are not told apart. */
  #items({ items, prefixItems }: JsonObject): Shape {
    return items === undefined || prefixItems !== undefined || Array.isArray(items) ? anything : this.read(items);
  }

  #readReference(reference: string): Shape | undefined {
    if (!this.#refersToItself()) return undefined;
    const target = reference === '#' ? this.#root : pointedAt(this.#root, reference);
    return target === undefined ? undefined : this.read(target);
  }

  /** Inside a part with an `$id` of its own, `#` means that part; such schemas are not followed. */
  #refersToItself(): boolean {
    this.#refers ??= !holdsId(this.#root, true);
    return this.#refers;
  }
}

const ownKeywords: ReadonlySet<string> = new Set(
  `type nullable const enum items prefixItems minItems
  required properties patternProperties additionalProperties`.split(/\s+/),
);

function isFilled(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value) && value.length > 0;
}

function strings(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function kindsOf({ type, nullable, const: only, enum: values }: JsonObject): ReadonlySet<Kind> {
  const listed = only !== undefined ? [only] : Array.isArray(values) ? values : undefined;
  const typed = type === undefined ? kinds : [type].flat().map((name) => (name === 'integer' ? 'number' : name));
  const valued = listed && new Set(listed.map(kindOf));
  // `nullable` is OpenAPI's, and ajv goes by it.
  const fits = (kind: Kind) => typed.includes(kind) || (kind === 'null' && nullable === true);
  return new Set(kinds.filter((kind) => fits(kind) && (!valued || valued.has(kind))));
}

/** What a value is, exactly. */
export function shapeOfValue(value: Json): Shape {
  if (Array.isArray(value)) {
    const items = value.map(shapeOfValue);
    return listOf(items.length === 0 ? nothing : items.reduce(either), items.length > 0);
  }
  if (!isObject(value)) return ofKind(kindOf(value));
  return objectOf(new Map(Object.entries(value).map(([name, inner]) => [name, shapeOfValue(inner)])));
}

function kindOf(value: Json): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof ExactNumber) return 'number';
  return typeof value as Kind;
}

/** What a `#/…` reference leads to; nothing for any other. */
function pointedAt(root: Json, reference: string): Json | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let at: Json | undefined = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function holdsId(value: Json, isRoot: boolean): boolean {
  if (Array.isArray(value)) return value.some((each) => holdsId(each, false));
  if (!isObject(value)) return false;
  return (!isRoot && typeof value.$id === 'string') || Object.values(value).some((each) => holdsId(each, false));
}
