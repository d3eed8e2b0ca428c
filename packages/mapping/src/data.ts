import { ExactNumber, isObject, type Json, MillraceError } from '@millrace/contract';
import { ExactDecimal } from '@millrace/jsonata';

/** Deeper data is refused, before it is deeper than the stack. */
const deepest = 10_000;

/** Data for an evaluation, which does not write on it: the very same, unless it holds numbers that are kept exact. */
export function dataIn(value: Json): unknown {
  return holdsExact(value) ? withDecimals(value) : value;
}

/** Without recursion: what comes in from outside may be nested deeper than the stack. */
function holdsExact(value: Json): boolean {
  const open: Json[] = [value];
  while (open.length > 0) {
    const next = open.pop() as Json;
    if (next instanceof ExactNumber) return true;
    if (Array.isArray(next)) for (const item of next) open.push(item as Json);
    else if (isObject(next)) for (const name in next) open.push(next[name] as Json);
  }
  return false;
}

function withDecimals(value: Json, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ExactNumber) return decimalOf(value);
  if (depth > deepest) throw new MillraceError('DATA_TOO_DEEP', 'The data is nested too deeply to be worked on.');
  if (Array.isArray(value)) return value.map((item: Json) => withDecimals(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withDecimals(inner, depth + 1)]));
}

/** A number of ours as one of JSONata's. */
export function decimalOf(value: number | ExactNumber): number | ExactDecimal {
  return value instanceof ExactNumber ? new ExactDecimal(value.digits) : value;
}

/**
 * What an evaluation gave, as plain JSON of its own: missing items and fields are left out.
 * @param most characters of JSON text, roughly: an expression can refer to the same data again and again
 * @throws {MillraceError} EXPRESSION_FAILED where the result holds what JSON cannot: a function, an infinite number;
 * EXPRESSION_OUTPUT_TOO_LARGE
 */
export function dataOut(value: unknown, most: number): Json | undefined {
  return copyOut(value, '', { left: most });
}

interface Room {
  left: number;
}

function copyOut(value: unknown, pointer: string, room: Room): Json | undefined {
  take(room, typeof value === 'string' ? value.length + 2 : 4);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === undefined) return undefined;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw unfit('a number out of range', pointer);
    return value;
  }
  if (value instanceof ExactDecimal) return new ExactNumber(value.digits);
  if (Array.isArray(value)) return listOut(value, pointer, room);
  if (isPlain(value)) return objectOut(value, pointer, room);
  throw unfit('a function, which can only be called', pointer);
}

function take(room: Room, characters: number): void {
  room.left -= characters;
  if (room.left < 0) throw new MillraceError('EXPRESSION_OUTPUT_TOO_LARGE', 'The result is too large.');
}

function listOut(list: readonly unknown[], pointer: string, room: Room): Json[] {
  const copy: Json[] = [];
  for (const item of list) {
    const plain = copyOut(item, `${pointer}/${copy.length}`, room);
    if (plain !== undefined) copy.push(plain);
  }
  return copy;
}

function objectOut(object: object, pointer: string, room: Room): Json {
  const copy: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(object)) {
    if (key === '__proto__') throw reservedName(`${pointer}/${key}`);
    take(room, key.length + 4);
    const plain = copyOut(inner, `${pointer}/${escaped(key)}`, room);
    if (plain !== undefined) copy[key] = plain;
  }
  return copy;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function escaped(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

function unfit(what: string, pointer: string): MillraceError {
  return new MillraceError('EXPRESSION_FAILED', `The result holds ${what}.`, { pointer });
}

function reservedName(pointer: string): MillraceError {
  return new MillraceError('RESERVED_NAME', 'The result of an expression cannot hold a field of this reserved name.', {
    pointer,
  });
}
