import { ExactNumber, type Json, MillraceError } from '@millrace/contract';

/** Deeper data is refused, before it is deeper than the stack. */
const deepest = 1_000;

/**
 * What an evaluation gave, as plain JSON of its own: missing items and fields are left out.
 * @param most characters of JSON text, roughly: an expression can refer to the same data again and again
 * @throws {MillraceError} EXPRESSION_FAILED where the result holds what JSON cannot: a function, an infinite number;
 * EXPRESSION_OUTPUT_TOO_LARGE, DATA_TOO_DEEP
 */
export function dataOut(value: unknown, most: number): Json | undefined {
  return copyOut(value, '', { left: most, depth: 0 });
}

interface Room {
  left: number;
  depth: number;
}

function copyOut(value: unknown, pointer: string, room: Room): Json | undefined {
  take(room, typeof value === 'string' ? value.length + 2 : 4);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === undefined) return undefined;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw unfit('a number out of range', pointer);
    return value;
  }
  if (value instanceof ExactNumber) return value;
  if (!Array.isArray(value) && !isPlain(value)) throw unfit('a function, which can only be called', pointer);
  if (++room.depth > deepest) throw new MillraceError('DATA_TOO_DEEP', 'The result is nested too deeply.');
  const copy = Array.isArray(value) ? listOut(value, pointer, room) : objectOut(value, pointer, room);
  room.depth--;
  return copy;
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
