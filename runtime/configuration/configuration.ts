import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '@millrace/contract';
import { canonicalJson } from '@millrace/flow';

/** A tenant's configuration, or a selection of it, without secrets. The same configuration is always the same bytes. */
export interface Configuration {
  readonly format: 1;
  /** By their names: `flows/orders`, `connections/production/ERP`. */
  readonly parts: JsonObject;
}

/** What the name of a part says. */
export interface PartPlace {
  /** Id of the kind. */
  readonly kind: string;
  /** `''` of what is one for all environments. */
  readonly environment: string;
  readonly name: string;
}

/** The name of a part: its kind, the environment where there is one, and what people call it, between slashes. */
export function partName({ kind, environment, name }: PartPlace): string {
  return [kind, environment, name].filter((word) => word !== '').join('/');
}

/**
 * Whether a selection names the part: by itself, by its kind (`flows`), or by kind and environment
 * (`connections/sandbox`). An empty selection names everything.
 */
export function isSelected(part: string, selection: readonly string[]): boolean {
  return selection.length === 0 || selection.some((name) => part === name || part.startsWith(`${name}/`));
}

/** What tells one state of a part from another; SHA-256, hexadecimal. */
export function digestOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Names sorted, whatever the database has them sorted by. */
export function sortedParts(parts: Iterable<readonly [string, Json]>): JsonObject {
  return Object.fromEntries([...parts].sort(([a], [b]) => compare(a, b)));
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
