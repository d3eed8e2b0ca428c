import {
  ExactNumber,
  isObject,
  type Json,
  type JsonObject,
  type SyncItem,
  type SyncProblem,
  writeJson,
} from '@millrace/contract';
import type { RecordType } from '@millrace/flow';

/** An item of a sync, read: its record's id and data, or why it has none. */
export interface ReadItem {
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
  { id: given, data, problem }: SyncItem,
  item: number,
  { lifecycle }: Pick<RecordType, 'lifecycle'>,
): ReadItem {
  const id = idOf(given);
  const whose = { item, ...(id !== undefined && { id }) };
  if (problem) return { ...whose, problem: { ...whose, ...problem } };
  if (!isObject(data)) return { ...whose, problem: { ...whose, ...notAnObject } };
  if (id === undefined) return { item, problem: { item, ...withoutId } };
  const wrong = trouble(data, lifecycle?.field);
  return wrong ? { item, id, problem: { item, id, ...wrong } } : { item, id, data };
}

function idOf(given: Json | undefined): string | undefined {
  const id = typeof given === 'number' || given instanceof ExactNumber ? String(given) : given;
  return typeof id === 'string' && id !== '' && id.length <= longestId && isStorable(writeJson(id)) ? id : undefined;
}

type Trouble = Pick<SyncProblem, 'code' | 'pointer' | 'message'>;

const notAnObject: Trouble = { code: 'ITEM_INVALID', pointer: '', message: 'The item is no object.' };
const withoutId: Trouble = {
  code: 'ID_MISSING',
  pointer: '',
  message: `The item has no id: a text or number of at most ${longestId} characters.`,
};

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
