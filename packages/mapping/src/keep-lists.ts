import { ExactNumber, isObject, type Json, type JsonObject } from '@millrace/contract';
import { canBe, isListOnly, type Shape, saysNothing, shapeOfSchema } from '@millrace/jsonata/language';

/**
 * The result of a mapping with a list wherever the target's JSON Schema takes nothing but a list: JSONata gives a list
 * of one as the one. What is missing or null stays so, and so does a value that stands directly in a list, where nobody
 * can tell which of the two lists was lost. Returns the same value where nothing has to change.
 */
export function keepLists(value: Json, target: Json): Json {
  return kept(value, shapeOfSchema(target), true);
}

function kept(value: Json, target: Shape, wraps: boolean): Json {
  if (saysNothing(target)) return value;
  if (value === null || value instanceof ExactNumber) return wrapped(value, target, wraps);
  if (Array.isArray(value)) return canBe(target, 'array') ? mapped(value, target.items()) : value;
  if (isObject(value) && canBe(target, 'object') && !isListOnly(target)) return inObject(value, target);
  return wrapped(value, target, wraps);
}

function wrapped(value: Json, target: Shape, wraps: boolean): Json {
  if (value === null || !wraps || !isListOnly(target)) return value;
  return [kept(value, target.items(), false)];
}

function mapped(list: readonly Json[], item: Shape): Json {
  const items = list.map((each) => kept(each, item, false));
  return items.every((each, index) => each === list[index]) ? list : items;
}

function inObject(value: JsonObject, target: Shape): Json {
  const changed = Object.entries(value).flatMap(([name, inner]) => {
    const made = kept(inner, target.member(name).shape, true);
    return made === inner ? [] : [[name, made] as const];
  });
  return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
}
