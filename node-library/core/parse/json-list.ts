import { type Json, MillraceError } from '@millrace/contract';
import { namesOf } from '@millrace/mapping';
import { jsonParser, type Token } from 'stream-json/parser.js';
import { JsonAssembly } from './json-assembly.ts';
import { maxDepth, tooDeep, verified } from './json-text.ts';

/**
 * The items of one list in a JSON document, read one by one; the rest of the document is only looked at.
 * @param at names that lead to the list, joined by dots; empty where the document is the list
 * @throws {MillraceError} `JSON_INVALID` with `details.line` and `details.column`, `JSON_TOO_DEEP`, `ITEM_TOO_LARGE`,
 * `LIST_MISSING`, `LIST_TWICE`, `TEXT_NOT_STORABLE`
 */
export async function* jsonList(text: AsyncIterable<string>, at: string): AsyncGenerator<Json> {
  const reader = new ListReader(namesIn(at), at);
  for await (const tokens of tokensOf(text)) {
    for (const token of tokens) {
      const item = reader.read(token);
      if (item !== undefined) yield item;
    }
  }
  reader.end();
}

function namesIn(at: string): readonly string[] {
  const names = namesOf(at);
  if (names) return names;
  throw new MillraceError('LIST_PATH', `“${at}” is no path: names joined by dots, such as data.orders.`, {
    pointer: '/config/json/list',
  });
}

/** Longest name of a field, in characters. */
const maxKey = 10_000;

/**
 * The parser is made for documents that one trusts: what reaches it is verified JSON, and in pieces (also of one string),
 * so that the reader's bounds hold.
 */
async function* tokensOf(text: AsyncIterable<string>): AsyncGenerator<readonly Token[]> {
  const parse = jsonParser({ packValues: false, streamValues: true });
  for await (const slice of verified(text)) {
    const found = parse(slice);
    // The other answer is a symbol that stands for no tokens.
    if (typeof found === 'object') yield found.values;
  }
}

/** Follows the tokens of a document and puts together the items of the one list. */
class ListReader {
  readonly #names: readonly string[];
  readonly #at: string;
  /** Name under which each open container stands, from the document on; nothing for an item of a list. */
  readonly #path: (string | undefined)[] = [];
  #key: string | undefined;
  #item: JsonAssembly | undefined;
  #lists = 0;
  #isInList = false;

  constructor(names: readonly string[], at: string) {
    this.#names = names;
    this.#at = at;
  }

  /** The item that this token completes. */
  read(token: Token): Json | undefined {
    if (this.#isInList) return this.#readInList(token);
    this.#readOutside(token);
    return undefined;
  }

  end(): void {
    if (this.#lists > 0) return;
    const where = this.#at === '' ? 'The document is no list.' : `The document has no list at “${this.#at}”.`;
    throw new MillraceError('LIST_MISSING', where);
  }

  #readInList(token: Token): Json | undefined {
    if (!this.#item && token.name === 'endArray') {
      this.#isInList = false;
      return undefined;
    }
    this.#item ??= new JsonAssembly(maxDepth - this.#path.length);
    if (!this.#item.take(token)) return undefined;
    const { value } = this.#item;
    this.#item = undefined;
    return value;
  }

  #readOutside(token: Token): void {
    if (token.name === 'startKey') this.#key = '';
    else if (token.name === 'stringChunk') this.#lengthenKey(token.value);
    else if (token.name === 'startObject') this.#open();
    else if (token.name === 'startArray') this.#openArray();
    else if (token.name !== 'endKey') this.#key = undefined;
    if (token.name === 'endObject' || token.name === 'endArray') this.#path.pop();
  }

  /** Pieces of a text value come without a key that is open. */
  #lengthenKey(piece: string): void {
    if (this.#key === undefined) return;
    this.#key += piece;
    if (this.#key.length > maxKey)
      throw new MillraceError('ITEM_TOO_LARGE', `The name of a field is longer than ${maxKey} characters.`);
  }

  #open(): void {
    this.#path.push(this.#key);
    this.#key = undefined;
    if (this.#path.length > maxDepth) throw tooDeep();
  }

  #openArray(): void {
    if (this.#isHere()) this.#openList();
    else this.#open();
  }

  #openList(): void {
    this.#isInList = true;
    this.#key = undefined;
    this.#lists += 1;
    if (this.#lists > 1) throw new MillraceError('LIST_TWICE', `The document has two lists at “${this.#at}”.`);
  }

  /** The document itself has no name. */
  #isHere(): boolean {
    const here = [...this.#path.slice(1), this.#key];
    return this.#path.length === this.#names.length && this.#names.every((name, index) => name === here[index]);
  }
}
