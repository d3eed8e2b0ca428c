import { ExactNumber, isObject, type Json } from '@millrace/contract';
import { own } from '../own.ts';

/** Whether two values are the same JSON: the order of keys means nothing, exact numbers are compared by their digits. */
export function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a instanceof ExactNumber && b instanceof ExactNumber) return a.digits === b.digits;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isEqual(item, b[at]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isEqual(own(a, name), own(b, name)));
}
