import { ExactNumber, isObject, type Json } from '@millrace/contract';

/** Whether two values are the same data: the order of an object's fields says nothing, that of a list does. */
export function isSameData(one: Json | undefined, other: Json | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSameData(item, other[index]));
  if (one instanceof ExactNumber && other instanceof ExactNumber) return one.digits === other.digits;
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameData(one[name], other[name]))
  );
}
