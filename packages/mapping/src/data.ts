import { ExactNumber, type Json, MillraceError } from '@millrace/contract';

/** Names that JSONata or JavaScript give a meaning of their own. */
const reserved = new Set(['__proto__', '_jsonata_lambda', '_jsonata_function']);

/**
 * A copy of data for an evaluation, which may write on what it is given. Objects have no prototype.
 * @throws {MillraceError} RESERVED_NAME with the pointer to a key that would pass for a prototype or a function
 */
export function copyIn(value: Json, pointer = ''): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ExactNumber) return new ExactNumber(value.digits);
  if (Array.isArray(value)) return value.map((item: Json, index) => copyIn(item, `${pointer}/${index}`));
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, inner] of Object.entries(value)) {
    if (reserved.has(key)) throw reservedName(`${pointer}/${key}`);
    copy[key] = copyIn(inner, `${pointer}/${escaped(key)}`);
  }
  return copy;
}

/**
 * What an evaluation gave, as plain JSON: sequences become ordinary lists, missing items and fields are left out.
 * @throws {MillraceError} EXPRESSION_FAILED where the result holds what JSON cannot: a function, an infinite number
 */
export function copyOut(value: unknown, pointer = ''): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === undefined) return undefined;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw unfit('a number out of range', pointer);
    return value;
  }
  if (typeof value !== 'object' || isFunction(value)) throw unfit('a function, which can only be called', pointer);
  if (value instanceof ExactNumber) return copyNumber(value, pointer);
  return Array.isArray(value) ? copyList(value, pointer) : copyObject(value, pointer);
}

function copyList(list: readonly unknown[], pointer: string): Json[] {
  const copy: Json[] = [];
  for (const item of list) {
    const plain = copyOut(item, `${pointer}/${copy.length}`);
    if (plain !== undefined) copy.push(plain);
  }
  return copy;
}

function copyObject(object: object, pointer: string): Json {
  const copy: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(object)) {
    if (reserved.has(key)) throw reservedName(`${pointer}/${key}`);
    const plain = copyOut(inner, `${pointer}/${escaped(key)}`);
    if (plain !== undefined) copy[key] = plain;
  }
  return copy;
}

/** An expression can write on an exact number as on any object; only digits may leave. */
function copyNumber({ digits }: ExactNumber, pointer: string): ExactNumber {
  if (typeof digits !== 'string' || !/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(digits))
    throw unfit('a damaged number', pointer);
  return new ExactNumber(digits);
}

function isFunction(value: object): boolean {
  const { _jsonata_function: native, _jsonata_lambda: lambda } = value as Record<string, unknown>;
  return native === true || lambda === true;
}

function escaped(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

function unfit(what: string, pointer: string): MillraceError {
  return new MillraceError('EXPRESSION_FAILED', `The result holds ${what}.`, { pointer });
}

function reservedName(pointer: string): MillraceError {
  return new MillraceError('RESERVED_NAME', 'Data for expressions cannot hold a field of this reserved name.', {
    pointer,
  });
}
