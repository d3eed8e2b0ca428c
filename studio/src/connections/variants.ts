import type { RJSFSchema } from '@rjsf/utils';
import type { JsonObject } from '../api/types.ts';

/** One of the ways in which a connection of a type may be set up, such as a login by password or by key. */
export interface Variant {
  readonly title: string;
  readonly schema: RJSFSchema;
  /** Fields by which the way is known, with their fixed values. */
  readonly fixed: JsonObject;
}

/** The ways of a schema: the parts of its `anyOf`, or the schema itself as the only one. */
export function variantsOf(schema: RJSFSchema): Variant[] {
  const parts = (schema.anyOf ?? [schema]).filter((part) => typeof part === 'object') as RJSFSchema[];
  return parts.map((part, index) => {
    const constant = fieldsOf(part).filter(([, field]) => 'const' in field);
    const title = part.title ?? constant.map(([, field]) => field.title).find((text) => text !== undefined);
    return {
      title: title ?? `${index + 1}`,
      schema: part,
      fixed: Object.fromEntries(constant.map(([name, field]) => [name, field.const])) as JsonObject,
    };
  });
}

/** The first way to set a connection up, with nothing filled in. */
export function firstConfig(schema: RJSFSchema): JsonObject {
  return variantsOf(schema)[0]?.fixed ?? {};
}

/** Index of the way that a config goes; the first where it goes none. */
export function variantOf(config: JsonObject, variants: readonly Variant[]): number {
  const found = variants.findIndex(({ fixed }) =>
    Object.entries(fixed).every(([name, value]) => config[name] === value),
  );
  return Math.max(found, 0);
}

/** The config on another way: what that way knows too stays. */
export function onVariant(config: JsonObject, { schema, fixed }: Variant): JsonObject {
  const known = new Set(fieldsOf(schema).map(([name]) => name));
  return { ...Object.fromEntries(Object.entries(config).filter(([name]) => known.has(name))), ...fixed };
}

function fieldsOf({ properties = {} }: RJSFSchema): [name: string, field: RJSFSchema][] {
  return Object.entries(properties).filter((entry): entry is [string, RJSFSchema] => typeof entry[1] === 'object');
}
