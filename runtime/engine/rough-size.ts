import { isObject, type Json } from '@millrace/contract';

/** From here on a value counts as no larger: it fills any bound by itself. */
const largest = 8 * 1024 * 1024;
/** A row without what flows put into it: keys, times, status. */
const bareRow = 256;

/** Values are taken to be immutable; each is walked once, however often its size is asked for. */
const known = new WeakMap<object, number>();

/** Characters of a value's JSON text, roughly, counted without writing it. Without recursion: it may be nested deeply. */
export function roughSize(value: Json | undefined): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 8;
  const size = known.get(value) ?? walked(value);
  known.set(value, size);
  return size;
}

/** A row of the history or of a loop's results, as it waits to be written. */
export function roughRowSize(row: { readonly input?: Json; readonly output?: Json }): number {
  return bareRow + roughSize(row.input) + roughSize(row.output);
}

function walked(value: Json): number {
  let size = 0;
  const open: Json[] = [value];
  while (open.length > 0 && size < largest) {
    const next = open.pop() as Json;
    size += typeof next === 'string' ? next.length + 3 : 8;
    if (Array.isArray(next)) for (const item of next) open.push(item as Json);
    else if (isObject(next))
      for (const [name, inner] of Object.entries(next)) {
        size += name.length + 4;
        open.push(inner);
      }
  }
  return Math.min(size, largest);
}
