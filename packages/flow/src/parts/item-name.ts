import { isObject, type Json } from '@millrace/contract';

/** Fields that tell the items of a list apart, the first that an item has: a line's target, a case's port, a name, an id, a version. */
const namingFields = ['to', 'port', 'name', 'id', 'version'];

/**
 * What an item of a list is called, whatever its place there: an edge `check.invalid>reject`, a line of a field map by its
 * target, other objects by the first text among `to`, `port`, `name`, `id` and `version`. The texts of a JSON Schema's `required` and
 * `enum`, and the states that may follow in a life cycle, are their own names. Anything else has none.
 * @param list names from the bundle down to the list
 */
export function itemName(item: Json, list: readonly string[]): string | undefined {
  if (typeof item === 'string') return isSetOfTexts(list) ? item : undefined;
  if (!isObject(item)) return undefined;
  if (list.join('/') === 'flow/edges') return edgeName(item.from, item.port, item.to);
  return namingFields.map((field) => item[field]).find((name) => typeof name === 'string');
}

function edgeName(from: Json | undefined, port: Json | undefined, to: Json | undefined): string | undefined {
  if (![from, port ?? '', to].every((end) => typeof end === 'string')) return undefined;
  return `${from}${port === undefined ? '' : `.${port}`}>${to}`;
}

function isSetOfTexts(list: readonly string[]): boolean {
  const name = list.at(-1) ?? '';
  return ['required', 'enum'].includes(name) || (list[0] === 'records' && list.at(-2) === 'transitions');
}
