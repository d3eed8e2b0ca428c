import { ExactNumber, isObject, type Json } from '@millrace/contract';

interface Schema {
  readonly [keyword: string]: Json;
}

/**
 * JSON Schema (2020-12) of documents like the given one.
 * @param required whether every field of the example must be there
 */
export function schemaOfExample(example: Json, required: boolean): Schema {
  if (example === null) return {};
  if (Array.isArray(example)) return listSchema(example, required);
  if (isObject(example)) return objectSchema(example, required);
  return { type: example instanceof ExactNumber ? 'number' : typeof example };
}

/** Of items that differ, only what they have in common is said. */
function listSchema(items: readonly Json[], required: boolean): Schema {
  const schemas = items.map((each) => schemaOfExample(each, required));
  const [first] = schemas;
  return first === undefined ? { type: 'array' } : { type: 'array', items: schemas.reduce(common, first) };
}

function objectSchema(example: { readonly [name: string]: Json }, required: boolean): Schema {
  const names = Object.keys(example);
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, schemaOfExample(example[name] ?? null, required)])),
    ...(required && names.length > 0 && { required: names }),
  };
}

function common(a: Schema, b: Schema): Schema {
  if (a.type === undefined || b.type === undefined) return a.type === undefined ? b : a;
  if (a.type !== b.type) return {};
  if (a.type === 'array')
    return a.items && b.items ? { ...a, items: common(a.items as Schema, b.items as Schema) } : a.items ? a : b;
  if (a.type !== 'object') return a;
  const [left, right] = [a.properties, b.properties] as { readonly [name: string]: Schema }[];
  const names = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])];
  const properties = names.map((name) => {
    const [one, other] = [left?.[name], right?.[name]];
    return [name, one && other ? common(one, other) : (one ?? other ?? {})] as const;
  });
  const both = (a.required as string[] | undefined)?.filter((name) =>
    (b.required as string[] | undefined)?.includes(name),
  );
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(both && both.length > 0 && { required: both }),
  };
}
