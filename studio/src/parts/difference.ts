import { isObject, type Json, writeJson } from '@millrace/contract';

/** What one value has and another has not, at a place in both. */
export interface Difference {
  /** JSON Pointer. */
  readonly pointer: string;
  /** Absent where the place is only in the other. */
  readonly left?: Json;
  readonly right?: Json;
}

/** Of values that differ altogether nobody reads more. */
export const mostDifferences = 200;

/** Where two values differ: the smallest parts of them that do, in the order of the left one. */
export function differencesOf(left: Json, right: Json): readonly Difference[] {
  const found: Difference[] = [];
  collect(left, right, '', found);
  return found;
}

function collect(left: Json, right: Json, pointer: string, found: Difference[]): void {
  if (found.length >= mostDifferences) return;
  const [before, after] = [entriesOf(left), entriesOf(right)];
  if (!before || !after || Array.isArray(left) !== Array.isArray(right)) {
    if (writeJson(left) !== writeJson(right)) found.push({ pointer, left, right });
    return;
  }
  for (const [name, value] of before) {
    const place = `${pointer}/${escaped(name)}`;
    const other = after.get(name);
    if (other === undefined) found.push({ pointer: place, left: value });
    else collect(value, other, place, found);
  }
  for (const [name, value] of after)
    if (!before.has(name)) found.push({ pointer: `${pointer}/${escaped(name)}`, right: value });
}

/** Nothing where the value has no parts. */
function entriesOf(value: Json): ReadonlyMap<string, Json> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item, index) => [String(index), item as Json]));
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
