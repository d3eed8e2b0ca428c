import Big from 'big.js';

/**
 * A decimal number that a double cannot hold exactly (`9007199254740993`, `0.1000000000000000000001`). Values that it
 * can hold stay plain numbers, so equal numbers always look alike.
 */
export class ExactDecimal {
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

// TypeScript's library does not declare the source-text proposal (JSON.rawJSON) that V8 ships.
const sourceText = JSON as unknown as { rawJSON(text: string): unknown };

export function isDecimal(value: unknown): value is ExactDecimal {
  return value instanceof ExactDecimal;
}

/** Whether two values, at least one of them no object, are one number. */
export function sameNumber(left: unknown, right: unknown): boolean {
  return isDecimal(left) && isDecimal(right) && new Big(left.digits).eq(right.digits);
}

/** A decimal text as a plain number where a double holds it exactly. */
export function readDecimal(text: string): number | ExactDecimal {
  const double = Number(text);
  if (Number.isFinite(double) && new Big(double).eq(text)) return double;
  return new ExactDecimal(new Big(text).toFixed());
}
