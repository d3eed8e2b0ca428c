import {
  ExactNumber,
  isObject,
  type Json,
  type JsonObject,
  type RecordSync,
  type SyncProblem,
  writeJson,
} from '@millrace/contract';
import type { RecordType } from '@millrace/flow';

/** An item of a sync, read: its record's id and data, or why it has none. */
export interface SyncItem {
  readonly item: number;
  /** Nothing where the item does not say whose data it is. */
  readonly id?: string;
  /** Nothing where there is a problem. */
  readonly data?: JsonObject;
  readonly problem?: SyncProblem;
}

const longestId = 200;

/** Reads one item. What it may hold is checked by the record type's schema afterwards, for many at once. */
export function readItem(
  value: Json,
  item: number,
  { idField }: Pick<RecordSync, 'idField'>,
  { lifecycle }: Pick<RecordType, 'lifecycle'>,
): SyncItem {
  const id = idIn(value, idField);
  if (!isObject(value)) return { item, problem: { item, ...notAnObject } };
  if (id === undefined) return { item, problem: { item, ...withoutId(idField) } };
  const wrong = trouble(value, lifecycle?.field);
  return wrong ? { item, id, problem: { item, id, ...wrong } } : { item, id, data: value };
}

function idIn(value: Json, field: string): string | undefined {
  const found = field
    .split('.')
    .reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
  const id = typeof found === 'number' || found instanceof ExactNumber ? String(found) : found;
  return typeof id === 'string' && id !== '' && id.length <= longestId && isStorable(writeJson(id)) ? id : undefined;
}

type Trouble = Pick<SyncProblem, 'code' | 'pointer' | 'message'>;

const notAnObject: Trouble = { code: 'ITEM_INVALID', pointer: '', message: 'The item is no object.' };

function withoutId(field: string): Trouble {
  const pointer = `/${field.replaceAll('.', '/')}`;
  return {
    code: 'ID_MISSING',
    pointer,
    message: `“${field}” holds no id: a text or number of at most ${longestId} characters.`,
  };
}

function trouble(value: JsonObject, stateField: string | undefined): Trouble | undefined {
  if (stateField !== undefined && stateField in value) {
    const message = `“${stateField}” is changed by transitions; an item cannot bring it.`;
    return { code: 'STATE_GIVEN', pointer: `/${stateField}`, message };
  }
  if (isStorable(writeJson(value))) return undefined;
  const message = 'A text holds a character that cannot be stored (NUL, or half a surrogate pair).';
  return { code: 'TEXT_NOT_STORABLE', pointer: '', message };
}

/** Written as JSON, exactly NUL and lone halves of surrogate pairs show as these escapes. */
function isStorable(json: string): boolean {
  return !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(json);
}

/** Cuts a long list into batches, by number and by size. */
export async function* batches<T>(
  items: AsyncIterable<T> | Iterable<T>,
  most: { readonly items: number; readonly bytes: number },
  sizeOf: (item: T) => number,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for await (const item of items) {
    batch.push(item);
    bytes += sizeOf(item);
    if (batch.length < most.items && bytes < most.bytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
