import { isObject, type Json } from '@millrace/contract';
import { isEqual } from '../parts/is-equal.ts';
import type { Path } from '../parts/parts.ts';
import type { Versions } from './versions.ts';

/** Fields that mean something only together. */
interface Unit {
  readonly fields: readonly string[];
  /** What the meaning of the others depends on. */
  readonly meaning: (fields: Readonly<Record<string, Json | undefined>>) => Json;
}

/** The type says what the config holds, and which connection the node needs. */
const node: Unit = {
  fields: ['type', 'version', 'connection', 'config'],
  meaning: ({ type = null, version = null }) => [type, version],
};

/** A line of a field map takes a value from a place, or makes a list of lines for each item. */
const line: Unit = { fields: ['from', 'each', 'fields'], meaning: ({ each }) => each !== undefined };

/**
 * Whether a part cannot be put together of two sides' fields: both have changed fields that mean something only together,
 * and mean different things by them.
 */
export function isReadAsOne({ base, mine, theirs }: Versions<Json | undefined>, path: Path): boolean {
  const { fields, meaning } = isNode(path) ? node : line;
  const [before, left, right] = [base, mine, theirs].map((version) => pick(version, fields));
  return (
    !isEqual(meaning(left ?? {}), meaning(right ?? {})) &&
    !isEqual(before ?? {}, left ?? {}) &&
    !isEqual(before ?? {}, right ?? {})
  );
}

function isNode([flow, nodes, ...node]: Path): boolean {
  return flow === 'flow' && nodes === 'nodes' && node.length === 1;
}

function pick(value: Json | undefined, fields: readonly string[]): Readonly<Record<string, Json>> {
  const members = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(members.filter(([name]) => fields.includes(name)));
}
