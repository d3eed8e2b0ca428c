import { isEqual, type LayeredMapping } from '@millrace/flow';
import { type Field, type FieldMap, namesOf } from '@millrace/mapping';

/**
 * Whether it changes how a field is made when lines of a tenant's own become others. Adding a field is none, and neither is
 * taking an added one away.
 */
export function changesTransformation(mapping: LayeredMapping, before: FieldMap, after: FieldMap): boolean {
  const layers = [mapping.core, ...mapping.versions.map(({ fields }) => fields)] as unknown as FieldMap[];
  const below = layers.flatMap((layer) => [...linesIn(layer).keys()]);
  const [were, are] = [linesIn(before), linesIn(after)];
  return [...new Set([...were.keys(), ...are.keys()])].some((target) => {
    const [was, is] = [were.get(target), are.get(target)];
    if (was && is) return !isEqual(was, is);
    return below.includes(target);
  });
}

/** Lines that say how something is made, by their targets; a line that only adds to a list says nothing itself. */
function linesIn(fields: FieldMap, within: readonly unknown[] = []): Map<string, Omit<Field, 'fields'>> {
  const found = new Map<string, Omit<Field, 'fields'>>();
  for (const { fields: items, ...line } of fields) {
    const target = [...within, namesOf(line.to) ?? line.to];
    if (Object.keys(line).length > 1) found.set(JSON.stringify(target), line);
    for (const [name, item] of linesIn(items ?? [], target)) found.set(name, item);
  }
  return found;
}
