import { scan, type Token } from '../front/scan.ts';

const words = /\d+(?:\.\d+)?(?:[eE]\d+)?|\.\.|\.|[^.]+/g;

/** The tokens of a text as {@link scan} has them, with paths taken apart into names and dots. */
export function wordsOf(text: string): Token[] {
  return scan(text).flatMap((token) => (token.kind === 'text' ? split(token) : [token]));
}

function split({ text, start }: Token): Token[] {
  return [...text.matchAll(words)].map(({ 0: word, index }) => ({
    kind: word.startsWith('.') ? 'operator' : 'text',
    start: start + index,
    end: start + index + word.length,
    text: word,
  }));
}

/** For each bracket that opens the token that closes it, or the last one where nothing does. */
export function closings(tokens: readonly Token[]): ReadonlyMap<Token, Token> {
  const found = new Map<Token, Token>();
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.kind === 'open') open.push(token);
    const opening = token.kind === 'close' ? open.pop() : undefined;
    if (opening) found.set(opening, token);
  }
  const last = tokens.at(-1);
  for (const token of open) if (last) found.set(token, last);
  return found;
}
