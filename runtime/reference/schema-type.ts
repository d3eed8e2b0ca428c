/** The keywords that bear on a type; all others only narrow its values. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema | readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

/** Schemas that have a name in TypeScript. */
export type KnownTypes = ReadonlyMap<unknown, string>;

/** A JSON Schema as a TypeScript type, `Json` where it says nothing. */
export function typeOf(given: unknown, known: KnownTypes = new Map()): string {
  const name = known.get(given);
  return name ?? writtenOut(given as Schema, known);
}

function writtenOut(schema: Schema, known: KnownTypes): string {
  const within = (inner: unknown) => typeOf(inner, known);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(within))].join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => within({ ...schema, type })).join(' | ');
  if (schema.type === 'array') return listOf(schema.items ?? {}, within);
  if (schema.type === 'object') return objectOf(schema, within);
  return simple[schema.type as string] ?? 'Json';
}

const simple: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

type Write = (schema: unknown) => string;

function listOf(items: Schema | readonly Schema[], within: Write): string {
  return Array.isArray(items)
    ? `readonly [${(items as Schema[]).map(within).join(', ')}]`
    : `readonly ${grouped(within(items))}[]`;
}

function objectOf(
  { properties = {}, required = [], additionalProperties, patternProperties = {} }: Schema,
  within: Write,
): string {
  const named = Object.entries(properties).map(([name, property]) => {
    const mark = required.includes(name) ? '' : '?';
    return `readonly ${keyOf(name)}${mark}: ${within(property)};`;
  });
  if (named.length > 0) return `{ ${named.join(' ')} }`;
  const others = Object.values(patternProperties);
  if (typeof additionalProperties === 'object') others.push(additionalProperties);
  if (others.length === 0 && additionalProperties === false) return 'Readonly<Record<never, never>>';
  return `{ readonly [name: string]: ${[...new Set(others.map(within))].join(' | ') || 'Json'} }`;
}

function grouped(type: string): string {
  return /^\w+$|^\{[^{}]*\}$/.test(type) ? type : `(${type})`;
}

function keyOf(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}
