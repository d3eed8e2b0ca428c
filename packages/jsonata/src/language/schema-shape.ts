import { isDecimal } from '../value/decimal.ts';
import { type Fields, isFields } from '../value/type.ts';
import {
  anyData,
  both,
  type DataKind,
  dataKinds,
  either,
  impossible,
  listOf,
  type Member,
  nothing,
  objectOf,
  ofKind,
  type Shape,
  unknownData,
  withPresence,
} from './shape.ts';

/**
 * What a JSON Schema (2020-12, 2019-09, draft-07) says about a value that fits it. Keywords that only narrow further,
 * and references that lead out of the schema, are passed over: the shape then holds more than the schema allows.
 */
export function shapeOfSchema(schema: unknown): Shape {
  const known = isFields(schema) ? documents.get(schema) : undefined;
  if (known) return known;
  const shape = new SchemaReader(schema).read(schema);
  if (isFields(schema)) documents.set(schema, shape);
  return shape;
}

/** Schemas are looked at again for every mapping behind them. */
const documents = new WeakMap<Fields, Shape>();

class SchemaReader {
  readonly #root: unknown;
  readonly #shapes = new Map<Fields, Shape>();
  #refers: boolean | undefined;

  constructor(root: unknown) {
    this.#root = root;
  }

  /** Of a schema that leads to itself without a field or an item in between, nothing is known. */
  read(schema: unknown): Shape {
    if (schema === false) return impossible;
    if (!isFields(schema)) return anyData;
    const known = this.#shapes.get(schema);
    if (known) return known;
    this.#shapes.set(schema, anyData);
    const shape = this.#readAnew(schema);
    this.#shapes.set(schema, shape);
    return shape;
  }

  #readAnew(schema: Fields): Shape {
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
  #readOwn(schema: Fields): Shape {
    if (!Object.keys(schema).some((keyword) => ownKeywords.has(keyword))) return anyData;
    const { required, properties, minItems } = schema;
    const always = new Set(strings(required));
    return {
      ...anyData,
      kinds: kindsOf(schema),
      required: [...always],
      names: isFields(properties) ? Object.keys(properties) : [],
      member: (name) => this.#member(schema, name, always.has(name)),
      items: () => this.#items(schema),
      filled: typeof minItems === 'number' && minItems > 0,
    };
  }

  #member(schema: Fields, name: string, isRequired: boolean): Member {
    const { properties, patternProperties, additionalProperties } = schema;
    const own = isFields(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    const presence = isRequired ? 'always' : 'optional';
    if (own !== undefined) return { shape: withPresence(this.read(own), presence), declared: true };
    if (isFields(patternProperties)) return { shape: isRequired ? anyData : unknownData, declared: true };
    if (additionalProperties === false) return { shape: nothing, declared: false };
    const others = additionalProperties === undefined ? anyData : this.read(additionalProperties);
    const declared = isRequired || additionalProperties !== undefined || (isFields(properties) ? false : undefined);
    return { shape: withPresence(others, isRequired ? 'always' : 'unknown'), declared };
  }

  /** Lists whose first items have schemas of their own are not told apart. */
  #items({ items, prefixItems }: Fields): Shape {
    return items === undefined || prefixItems !== undefined || Array.isArray(items) ? anyData : this.read(items);
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

function isFilled(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function kindsOf({ type, nullable, const: only, enum: values }: Fields): ReadonlySet<DataKind> {
  const listed = only !== undefined ? [only] : Array.isArray(values) ? values : undefined;
  const typed = type === undefined ? dataKinds : [type].flat().map((name) => (name === 'integer' ? 'number' : name));
  const valued = listed && new Set(listed.map(kindOf));
  // `nullable` is OpenAPI's, and ajv goes by it.
  const fits = (kind: DataKind) => typed.includes(kind) || (kind === 'null' && nullable === true);
  return new Set(dataKinds.filter((kind) => fits(kind) && (!valued || valued.has(kind))));
}

/** What a value is, exactly. */
export function shapeOfValue(value: unknown): Shape {
  if (Array.isArray(value)) {
    const items = value.map(shapeOfValue);
    return listOf(items.length === 0 ? nothing : items.reduce(either), items.length > 0);
  }
  if (!isFields(value)) return ofKind(kindOf(value));
  return objectOf(new Map(Object.entries(value).map(([name, inner]) => [name, shapeOfValue(inner)])));
}

function kindOf(value: unknown): DataKind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isDecimal(value)) return 'number';
  return typeof value as DataKind;
}

/** What a `#/…` reference leads to; nothing for any other. */
function pointedAt(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isFields(at) && Object.hasOwn(at, key) ? at[key] : undefined;
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

function holdsId(value: unknown, isRoot: boolean): boolean {
  if (Array.isArray(value)) return value.some((each) => holdsId(each, false));
  if (!isFields(value)) return false;
  return (!isRoot && typeof value.$id === 'string') || Object.values(value).some((each) => holdsId(each, false));
}
