import type { Field, FieldMap } from '../field-map/field-map.ts';
import { namesOf } from '../field-map/target.ts';

/**
 * One field map of several that lie over each other, the lowest first. Lines with the same target are one: of its source,
 * its default and whether it is required, what the uppermost says counts. The lines of a list are laid over each other in
 * the same way, so that a line `{ to, fields }` adds to a list that a lower layer makes. New lines come behind those below.
 */
export function mergeLayers(layers: readonly FieldMap[]): FieldMap {
  const byTarget = new Map<string, Field>();
  for (const field of layers.flat()) {
    const target = JSON.stringify(namesOf(field.to) ?? field.to);
    byTarget.set(target, over(byTarget.get(target), field));
  }
  return [...byTarget.values()];
}

function over(lower: Field | undefined, upper: Field): Field {
  if (!lower) return upper;
  const { from, each, fields, default: otherwise, ...kept } = lower;
  const { fields: added, ...said } = upper;
  if (upper.from !== undefined) return { ...kept, ...(otherwise !== undefined && { default: otherwise }), ...said };
  if (upper.each !== undefined || added)
    return { ...kept, ...(each !== undefined && { each }), ...said, fields: mergeLayers([fields ?? [], added ?? []]) };
  return { ...lower, ...said };
}
