import { someInner } from '../front/inner-nodes.ts';
import type { Token } from '../front/scan.ts';
import type { Syntax } from '../front/syntax.ts';
import { closings, wordsOf } from './tokens.ts';

/** A part of a text, in UTF-16 units from its start. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Where the parts of an expression stand. The parser says where the token of a node ends; all else is found by the
 * brackets around it and by the parts within.
 */
export class Ranges {
  readonly tokens: readonly Token[];
  readonly #byEnd: ReadonlyMap<number, Token>;
  readonly #closings: ReadonlyMap<Token, Token>;
  readonly #meaningful: readonly Token[];

  constructor(text: string) {
    this.tokens = wordsOf(text);
    this.#byEnd = new Map(this.tokens.map((token) => [token.end, token]));
    this.#closings = closings(this.tokens);
    this.#meaningful = this.tokens.filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  }

  /** Nothing for a part that nobody has written. */
  of(node: Syntax): Range | undefined {
    let { from, to } = this.#own(node) ?? { from: Number.POSITIVE_INFINITY, to: -1 };
    const widen = (range: Range | undefined) => {
      from = Math.min(from, range?.from ?? from);
      to = Math.max(to, range?.to ?? to);
    };
    someInner(node, (inner) => {
      widen(this.of(inner));
      return false;
    });
    for (const filter of [...(node.predicate ?? []), ...(node.stages ?? [])])
      if (filter.type === 'filter') widen(this.#bracket(filter.position));
    widen(this.#bracket(node.group?.position));
    return to < 0 ? undefined : { from, to };
  }

  /** The token that stands at a place, or ends there. */
  tokenAt(position: number): Token | undefined {
    return this.tokens.find(({ start, end }) => start <= position && position < end) ?? this.#byEnd.get(position);
  }

  /** What the node's own token, and the bracket that it opens, take. */
  #own(node: Syntax): Range | undefined {
    const token = node.position === undefined ? undefined : this.#byEnd.get(node.position);
    if (!token) return undefined;
    const { start: from, end: to } = token;
    if (node.type === 'lambda') return this.#lambda(token);
    if (node.type === 'sort') return { from, to: this.#nextBracket(token)?.to ?? to };
    return this.#bracket(node.position) ?? { from, to };
  }

  /** `function($a){…}`, found by the bracket in front of its parameters. */
  #lambda(open: Token): Range | undefined {
    const word = this.#meaningful[this.#meaningful.indexOf(open) - 1];
    const close = this.#closings.get(open);
    return word && { from: word.start, to: (close && this.#nextBracket(close)?.to) ?? open.end };
  }

  #nextBracket(token: Token): Range | undefined {
    const next = this.tokens.find(({ kind, start }) => kind === 'open' && start >= token.end);
    return this.#bracket(next?.end);
  }

  #bracket(position: number | undefined): Range | undefined {
    const token = position === undefined ? undefined : this.#byEnd.get(position);
    const closing = token && this.#closings.get(token);
    return token && closing && { from: token.start, to: closing.end };
  }
}
