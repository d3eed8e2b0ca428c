import { isObject, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import { pathOf } from '../pointer.ts';

/**
 * A JSON Schema in which a field has another name, wherever the path leads to it: through lists, alternatives, and
 * references within the schema.
 * @param path names from the outside in; lists are passed through
 * @throws {MillraceError} SCHEMA_FIELD_UNKNOWN, SCHEMA_FIELD_TAKEN
 */
export function renameField(schema: JsonObject, path: readonly string[], to: string): JsonObject {
  const name = path.at(-1);
  const owners = path
    .slice(0, -1)
    .reduce((at, each) => at.flatMap((owner) => membersOf(schema, owner, each)), withParts(schema, [schema]));
  const declaring = new Set(owners.filter((owner) => name !== undefined && propertyOf(owner, name) !== undefined));
  if (name === undefined || declaring.size === 0) throw unknownField(path, owners);
  if ([...declaring].some((owner) => propertyOf(owner, to) !== undefined)) throw taken(path, to);
  return changed(schema, (part) => (declaring.has(part) ? renamed(part, name, to) : part)) as JsonObject;
}

/** What the schema says of a field, in all its parts. */
function membersOf(root: JsonObject, owner: JsonObject, name: string): JsonObject[] {
  const member = propertyOf(owner, name);
  return member === undefined || !isObject(member) ? [] : withParts(root, [member]);
}

/** Schemas with all that they are put together from, and with their items. */
function withParts(root: JsonObject, schemas: readonly JsonObject[]): JsonObject[] {
  const found = new Set(schemas);
  for (const { $ref, allOf, anyOf, oneOf, items } of found) {
    const inner = [referred(root, $ref), allOf, anyOf, oneOf, items].flat();
    for (const each of inner) if (each !== undefined && isObject(each)) found.add(each);
  }
  return [...found];
}

function propertyOf({ properties }: JsonObject, name: string): Json | undefined {
  return properties !== undefined && isObject(properties) && Object.hasOwn(properties, name)
    ? properties[name]
    : undefined;
}

function referred(root: JsonObject, reference: Json | undefined): Json | undefined {
  if (reference === '#') return root;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  return pathOf(reference.slice(1)).reduce<Json | undefined>(
    (at, name) => (at !== undefined && isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    root,
  );
}

/** Every object in a value is offered to `change`, the inner ones after the outer. */
function changed(value: Json, change: (part: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((item) => changed(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(change(value)).map(([name, inner]) => [name, changed(inner, change)]));
}

function renamed(schema: JsonObject, name: string, to: string): JsonObject {
  const { properties, required } = schema;
  const other = (each: Json | string) => (each === name ? to : each);
  const fields = Object.entries(properties as JsonObject).map(([each, inner]) => [other(each), inner] as const);
  return {
    ...schema,
    properties: Object.fromEntries(fields),
    ...(Array.isArray(required) && { required: required.map(other) }),
  };
}

function unknownField(path: readonly string[], owners: readonly JsonObject[]): MillraceError {
  const names = owners.flatMap(({ properties }) =>
    properties !== undefined && isObject(properties) ? Object.keys(properties) : [],
  );
  const instead = names.length === 0 ? '' : ` There are ${[...new Set(names)].map((name) => `“${name}”`).join(', ')}.`;
  return new MillraceError('SCHEMA_FIELD_UNKNOWN', `The schema has no field “${path.join('.')}”.${instead}`);
}

function taken(path: readonly string[], to: string): MillraceError {
  return new MillraceError('SCHEMA_FIELD_TAKEN', `Beside “${path.join('.')}” there is a field “${to}” already.`);
}
