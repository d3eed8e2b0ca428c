import { scan, type Token } from '@millrace/jsonata';

/** The tokens of a text that mean something, with how many brackets are open before each. */
export function tokensOf(text: string): (Token & { depth: number })[] {
  let depth = 0;
  const meaningful = scan(text).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  return meaningful.map((token) => {
    if (token.kind === 'close') depth--;
    const placed = { ...token, depth };
    if (token.kind === 'open') depth++;
    return placed;
  });
}

/** Whether two texts differ in white space only. */
export function sameTokens(a: string, b: string): boolean {
  const words = (text: string) => scan(text).flatMap((token) => (token.kind === 'space' ? [] : [token.text]));
  return words(a).join('\n') === words(b).join('\n');
}

/** The parts between the separators that stand outside all brackets, trimmed; none for a blank text. */
export function split(text: string, separator: string): string[] {
  if (text.trim() === '') return [];
  const cuts = tokensOf(text).filter((token) => token.depth === 0 && token.text === separator);
  const starts = [0, ...cuts.map(({ end }) => end)];
  return starts.map((start, index) => text.slice(start, cuts[index]?.start).trim());
}

/** What is inside, where the whole text is one pair of brackets behind the prefix: `unwrap('$f(a, b)', '$f(')` is `a, b`. */
export function unwrap(text: string, prefix: string): string | undefined {
  const tokens = tokensOf(text);
  const opening = tokens.findIndex(({ kind }) => kind === 'open');
  const open = tokens[opening];
  const last = tokens.at(-1);
  if (
    !open ||
    !last ||
    tokens
      .slice(0, opening + 1)
      .map((token) => token.text)
      .join('') !== prefix
  )
    return undefined;
  const closing = tokens.findIndex((token, index) => index > opening && token.kind === 'close' && token.depth === 0);
  return tokens[closing] === last ? text.slice(open.end, last.start).trim() : undefined;
}

export function commentsOf(text: string): string[] {
  return scan(text).flatMap(({ kind, text: comment }) => (kind === 'comment' ? [comment] : []));
}
