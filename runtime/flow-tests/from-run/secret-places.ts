import { isObject, type Json } from '@millrace/contract';
import { isSecretName } from '../../secrets/hide.ts';

/** Whether a field of the name holds a secret. */
export type IsSecret = (name: string) => boolean;

/**
 * Fields hold secrets whose names say so, and those that a JSON Schema of the flow marks: by `x-secret`, `writeOnly` or the
 * format `password`.
 * @param documents in which the schemas stand, at any depth
 */
export function secretPlaces(documents: readonly Json[]): IsSecret {
  const marked = new Set(documents.flatMap(markedIn));
  return (name) => marked.has(name) || isSecretName(name);
}

function markedIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(markedIn);
  if (!isObject(value)) return [];
  const properties = isObject(value.properties) ? Object.entries(value.properties) : [];
  const own = properties.filter(([, schema]) => isMarked(schema)).map(([name]) => name);
  return [...own, ...Object.values(value).flatMap(markedIn)];
}

function isMarked(schema: Json): boolean {
  return isObject(schema) && (schema['x-secret'] === true || schema.writeOnly === true || schema.format === 'password');
}

/** The texts that stand in fields of secrets. */
export function secretTexts(value: Json, isSecret: IsSecret): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => secretTexts(item, isSecret));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isSecret(name) ? textsIn(inner) : secretTexts(inner, isSecret),
  );
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** The value with another in place of everything that stands in fields of secrets; of the same type, so that it still fits. */
export function withoutSecretFields(value: Json, isSecret: IsSecret): Json {
  if (Array.isArray(value)) return value.map((item) => withoutSecretFields(item, isSecret));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, inner]): [string, Json] => [
    name,
    isSecret(name) ? inItsPlace(inner) : withoutSecretFields(inner, isSecret),
  ]);
  return Object.fromEntries(entries);
}

function inItsPlace(value: Json): Json {
  if (typeof value === 'string') return '[hidden]';
  if (typeof value === 'boolean') return false;
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(inItsPlace);
  if (!isObject(value)) return 0;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inItsPlace(inner)]));
}
