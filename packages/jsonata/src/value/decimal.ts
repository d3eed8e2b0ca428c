import Big from 'big.js';

/** A class whose instances are exact decimals: `digits` is the number as JSON writes it. */
export interface DecimalClass {
  new (digits: string): Decimal;
}
export interface Decimal {
  readonly digits: string;
}

/**
 * A decimal number that a double cannot hold exactly (`9007199254740993`, `0.1000000000000000000001`). Values that it
 * can hold stay plain numbers, so equal numbers always look alike.
 */
export class ExactDecimal implements Decimal {
  readonly digits: string;

  /** @param digits a number as JSON writes it */
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

// TypeScript's library does not declare the source-text proposal (JSON.rawJSON, reviver context) that V8 ships.
const sourceText = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
};

/** Prototypes of all classes that stand for decimals; data cannot have one of them. */
const prototypes = new WeakSet<object>([ExactDecimal.prototype]);

/** From now on instances of the class count as numbers. */
export function acceptDecimals(decimals: DecimalClass): void {
  prototypes.add(decimals.prototype as object);
}

export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && prototypes.has(Object.getPrototypeOf(value) as object);
}

/** Whether two values, at least one of them no object, are one number. */
export function sameNumber(left: unknown, right: unknown): boolean {
  return isDecimal(left) && isDecimal(right) && new Big(left.digits).eq(right.digits);
}

/** A decimal text as a plain number where a double holds it exactly. */
export function readDecimal(text: string, decimals: DecimalClass): number | Decimal {
  const double = Number(text);
  if (Number.isFinite(double) && new Big(double).eq(text)) return double;
  return new decimals(new Big(text).toFixed());
}

/** Fifteen significant digits and a two-digit exponent always survive a double; only longer numbers need a look. */
const mayRound = /\d[\d.]{15,}|[eE][+-]?\d{3}/;

/**
 * Reads JSON text without rounding any number. `JSON.stringify` writes it back as it was.
 * @throws {SyntaxError} when the text is not JSON
 */
export function readExactJson(text: string, decimals: DecimalClass = ExactDecimal): unknown {
  if (!mayRound.test(text)) return JSON.parse(text);
  return sourceText.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? readDecimal(source, decimals) : value,
  );
}
