import { isObject, type Json, type JsonObject } from '@millrace/contract';
import type { TSchema } from 'typebox';

/** A connection's config in two: what may be shown, and what is stored encrypted. */
export interface SplitConfig {
  readonly open: JsonObject;
  /** Secret fields by name; nothing where there are none. */
  readonly secret?: JsonObject;
}

export function splitSecrets(config: JsonObject, schema: TSchema): SplitConfig {
  const names = secretFields(schema);
  const pick = (secret: boolean) =>
    Object.fromEntries(Object.entries(config).filter(([name]) => names.has(name) === secret));
  const secret = pick(true);
  return Object.keys(secret).length > 0 ? { open: pick(false), secret } : { open: pick(false) };
}

/** The config as it is shown: secrets as `{ "set": true }`. */
export function maskSecrets(config: JsonObject, schema: TSchema, hasSecrets: readonly string[]): JsonObject {
  const masks = [...secretFields(schema)].filter((name) => hasSecrets.includes(name));
  return { ...config, ...Object.fromEntries(masks.map((name) => [name, { set: true }])) };
}

/** Secret → the field that holds it for a while once it was replaced, for secrets that have one (`PreviousOf`). */
export function previousFields(schema: TSchema): Map<string, string> {
  const entries = fieldsOf(schema).map(([name, field]): [unknown, string] => [field['x-previous-of'], name]);
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[0] === 'string'));
}

/** Names of the fields marked by `Secret`, in any branch of a tagged union. Secrets stand at the top level of a config. */
export function secretFields(schema: TSchema): Set<string> {
  return new Set(fieldsOf(schema).flatMap(([name, field]) => (field['x-secret'] === true ? [name] : [])));
}

function fieldsOf(schema: TSchema): [name: string, field: JsonObject][] {
  const { properties, anyOf } = schema as { properties?: Record<string, Json>; anyOf?: TSchema[] };
  const own = Object.entries(properties ?? {}).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
  return [...own, ...(anyOf ?? []).flatMap(fieldsOf)];
}
