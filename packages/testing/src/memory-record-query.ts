import {
  ExactNumber,
  isObject,
  type Json,
  type RecordCondition,
  type RecordPage,
  type RecordQuery,
  type Scalar,
  type StoredRecord,
  writeJson,
} from '@millrace/contract';

/** A page of the records that fit; without an order they come as they were created. The cursor counts records. */
export function queryIn(all: readonly StoredRecord[], stateField: string, query: RecordQuery): RecordPage {
  const { where = [], states, orderBy = '$created', descending = false, limit, cursor = '0' } = query;
  const conditions = [...where, ...(states ? [{ field: stateField, in: states }] : [])];
  const fitting = all.filter(({ data }) => fitsAll(data, conditions));
  const ordered = orderBy.startsWith('$c') || orderBy.startsWith('$u') ? fitting : fitting.sort(by(orderBy));
  const from = Number(cursor);
  const records = (descending ? ordered.toReversed() : ordered).slice(from, from + limit);
  return { records, ...(from + limit < fitting.length && { next: String(from + limit) }) };
}

export function fitsAll(data: Json, conditions: readonly RecordCondition[]): boolean {
  return conditions.every((condition) => fits(valueIn(data, condition.field), condition));
}

function by(field: string): (a: StoredRecord, b: StoredRecord) => number {
  const placeOf = ({ id, data }: StoredRecord) => (field === '$id' ? id : (valueIn(data, field) ?? null));
  return (a, b) => compare(placeOf(a), placeOf(b)) ?? 0;
}

export function valueIn(data: Json, field: string): Json | undefined {
  return field.split('.').reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), data);
}

function fits(value: Json | undefined, condition: RecordCondition): boolean {
  const { equals, in: among, atLeast, above, atMost, below, since, after, until, before } = condition;
  if (value === undefined) return false;
  const compares = (bound: Scalar | undefined, holds: (order: number) => boolean) =>
    bound === undefined || holds(compare(value, bound) ?? Number.NaN);
  const isAt = (moment: string | undefined, holds: (distance: number) => boolean) =>
    moment === undefined || holds(Date.parse(String(value)) - Date.parse(moment));
  return (
    (equals === undefined || writeJson(value) === writeJson(equals)) &&
    (among === undefined || among.some((one) => writeJson(one) === writeJson(value))) &&
    compares(atLeast, (order) => order >= 0) &&
    compares(above, (order) => order > 0) &&
    compares(atMost, (order) => order <= 0) &&
    compares(below, (order) => order < 0) &&
    isAt(since, (distance) => distance >= 0) &&
    isAt(after, (distance) => distance > 0) &&
    isAt(until, (distance) => distance <= 0) &&
    isAt(before, (distance) => distance < 0)
  );
}

/** Nothing where the two are of different kinds. */
function compare(a: Json, b: Json): number | undefined {
  const [left, right] = [plain(a), plain(b)];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right);
  return undefined;
}

function plain(value: Json): Json {
  return value instanceof ExactNumber ? Number(value.digits) : value;
}
