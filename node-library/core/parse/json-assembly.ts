import { exact, type Json, MillraceError } from '@millrace/contract';
import type { Token } from 'stream-json/parser.js';
import { assertStorable } from '../text/storable.ts';
import { tooDeep } from './json-text.ts';

/** Longest item, in characters of its names and values. */
const maxLength = 1024 * 1024;

type Container = Json[] | Record<string, Json>;

/** Puts one JSON value together from its tokens, without rounding any number. */
export class JsonAssembly {
  value: Json | undefined;
  readonly #open: { readonly container: Container; key: string }[] = [];
  readonly #maxDepth: number;
  #text = '';
  #length = 0;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /**
   * Whether the value is complete with this token.
   * @throws {MillraceError} `ITEM_TOO_LARGE`, `JSON_TOO_DEEP`, `TEXT_NOT_STORABLE`
   */
  take(token: Token): boolean {
    switch (token.name) {
      case 'startObject':
        return this.#begin({});
      case 'startArray':
        return this.#begin([]);
      case 'endObject':
      case 'endArray':
        return this.#put(this.#open.pop()?.container as Json);
      case 'startKey':
      case 'startString':
      case 'startNumber':
        this.#text = '';
        return false;
      case 'stringChunk':
      case 'numberChunk':
        return this.#append(token.value);
      case 'endKey':
        return this.#name(this.#text);
      case 'endString':
        return this.#put(storable(this.#text));
      case 'endNumber':
        return this.#put(exact(this.#text));
      case 'nullValue':
      case 'trueValue':
      case 'falseValue':
        return this.#put(token.value);
      default:
        return false;
    }
  }

  #begin(container: Container): boolean {
    this.#grow(1);
    this.#open.push({ container, key: '' });
    if (this.#open.length > this.#maxDepth) throw tooDeep();
    return false;
  }

  #append(piece: string): boolean {
    this.#text += piece;
    this.#grow(piece.length);
    return false;
  }

  #grow(length: number): void {
    this.#length += length;
    if (this.#length > maxLength)
      throw new MillraceError('ITEM_TOO_LARGE', `An item of the list is longer than ${maxLength} characters.`);
  }

  #name(key: string): boolean {
    const innermost = this.#open.at(-1);
    if (innermost) innermost.key = storable(key);
    return false;
  }

  #put(value: Json): boolean {
    const innermost = this.#open.at(-1);
    if (!innermost) {
      this.value = value;
      return true;
    }
    this.#grow(1);
    const { container, key } = innermost;
    if (Array.isArray(container)) container.push(value);
    // As in `JSON.parse`, a field `__proto__` is a field like any other.
    else Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
    return false;
  }
}

function storable(text: string): string {
  if (text.includes('\0') || !text.isWellFormed()) assertStorable(text);
  return text;
}
