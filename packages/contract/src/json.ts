/**
 * Plain JSON data as it flows between nodes, with one addition: a number that a double cannot hold exactly
 * (`9007199254740993`, `0.1000000000000000000001`) stays exact as an {@link ExactNumber}. Reading and writing go
 * through {@link readJson} and {@link writeJson}; `JSON.parse` would silently round such a number.
 */
export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

// TypeScript's library does not declare the source-text proposal (JSON.rawJSON, reviver context) that V8 ships.
const sourceText = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
};

/** A decimal number kept as its digits, because a double would change its value. */
export class ExactNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
  /** Makes `JSON.stringify` write the digits as a bare JSON number. */
  toJSON(): unknown {
    return sourceText.rawJSON(this.digits);
  }
  toString(): string {
    return this.digits;
  }
}

/** Fifteen significant digits and a two-digit exponent always survive a double; only longer numbers need a look. */
const hasLong = /\d[\d.]{15}|\d[eE][+-]?\d{3}/;
const maybeInexact = /-?\d[\d.]{15,}(?:[eE][+-]?\d+)?|-?\d[\d.]*[eE][+-]?\d{3,}/g;

/**
 * Reads JSON text without rounding any number.
 * @throws {SyntaxError} when the text is not JSON
 */
export function readJson(text: string): Json {
  if (!mayRound(text)) return JSON.parse(text) as Json;
  return sourceText.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exact(source) : value,
  ) as Json;
}

/** Whether there is a number, or what looks like one, that a double might round: to read such text can take ten times as long. */
export function hasLongNumber(text: string): boolean {
  return hasLong.test(text);
}

/** Looks at every long number, also at what only looks like one inside a string: then the slow way is taken in vain. */
function mayRound(text: string): boolean {
  if (!hasLongNumber(text)) return false;
  for (const [number] of text.matchAll(maybeInexact)) if (typeof exact(number) !== 'number') return true;
  return false;
}

/** Writes JSON text; exact numbers appear with all their digits. */
export function writeJson(value: Json | undefined, indent?: number): string {
  return JSON.stringify(value ?? null, undefined, indent);
}

/** Most numbers: looking closer at each would take ten times as long. */
const surelyExact = /^-?(?=[\d.]{1,15}$)\d+(?:\.\d+)?$/;

/** A decimal text as a plain number where a double holds it exactly, otherwise as an {@link ExactNumber}. */
export function exact(decimal: string): number | ExactNumber {
  if (surelyExact.test(decimal)) return Number(decimal);
  const double = Number(decimal);
  return Number.isFinite(double) && canonical(String(double)) === canonical(decimal)
    ? double
    : new ExactNumber(decimal);
}

/** Sign, digits without outer zeros, and power of ten: equal exactly when two decimal texts have equal value. */
function canonical(decimal: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(decimal) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const exponent = Number(power) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${exponent}`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
