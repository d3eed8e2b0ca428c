import { isObject, type Json, writeJson } from '@millrace/contract';

/** A value that is not the same before and after. */
export interface Difference {
  /** Names with dots between them; empty for the whole. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: Json;
  readonly after?: Json;
}

/** What differs between two values, as deep as both are objects. */
export function differences(before: Json, after: Json, path = ''): Difference[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => {
      const inner = path === '' ? name : `${path}.${name}`;
      return differences(before[name] ?? null, after[name] ?? null, inner);
    });
  }
  if (writeJson(before) === writeJson(after)) return [];
  if (before === null) return [{ path, kind: 'added', after }];
  if (after === null) return [{ path, kind: 'removed', before }];
  return [{ path, kind: 'changed', before, after }];
}
