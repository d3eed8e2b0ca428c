import { MillraceError } from '@millrace/contract';

/** Reads a path from left to right. */
export class PathReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at === this.#text.length;
  }

  /** What the pattern (sticky) finds here, with its groups; nothing, and nowhere moved, where it does not fit. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  /** A path that is not well formed. */
  invalid(message: string): MillraceError {
    return this.#problem('PATH_INVALID', message);
  }

  /** A path that is well formed and means something that is not to be had. */
  unsupported(message: string): MillraceError {
    return this.#problem('PATH_UNSUPPORTED', message);
  }

  #problem(code: string, message: string): MillraceError {
    return new MillraceError(code, `Character ${this.#at + 1} of the path: ${message}`, {
      details: { position: this.#at },
    });
  }
}
