import { isObject, type Json } from '@millrace/contract';
import { pointer } from './pointer.ts';

/** In a flow's folder a text of a config may stand in a file of its own: `{ "$file": "document.jsonata" }`. */
export interface FileReference {
  readonly file: string;
  readonly at: string;
}

export function fileReference(file: string): Json {
  return { $file: file };
}

/** The file's name, where a value is a reference to one. */
export function referredFile(value: Json): string | undefined {
  if (!isObject(value) || typeof value.$file !== 'string') return undefined;
  return Object.keys(value).length === 1 ? value.$file : undefined;
}

/** Every reference inside a value, with its pointer. */
export function fileReferences(value: Json, at: string): readonly FileReference[] {
  const file = referredFile(value);
  if (file !== undefined) return [{ file, at }];
  if (Array.isArray(value)) return value.flatMap((item, index) => fileReferences(item, at + pointer(index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => fileReferences(inner, at + pointer(name)));
}

/** A copy of a value with `change` applied to every part of it that the function answers for. */
export function replaceParts(
  value: Json,
  at: readonly string[],
  change: (part: Json, path: readonly string[]) => Json | undefined,
): Json {
  const changed = change(value, at);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item, index) => replaceParts(item, [...at, String(index)], change));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, replaceParts(inner, [...at, name], change)]),
  );
}
