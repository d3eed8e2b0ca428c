/**
 * A light reading of JSONata text: strings, quoted names, comments, regular expressions and brackets are told apart,
 * nothing more. It serves before parsing.
 */
export interface Token {
  readonly kind: 'text' | 'string' | 'quoted-name' | 'comment' | 'regex' | 'open' | 'close' | 'operator' | 'space';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const operand = /[\w$.\u0080-\uffff]+/y;
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['space', /[ \t\n\r\v]+/y],
  ['comment', /\/\*[\s\S]*?\*\//y],
  ['string', /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y],
  ['quoted-name', /`[^`]*`/y],
  ['open', /[([{]/y],
  ['close', /[)\]}]/y],
  ['operator', /\?\?|\?:|~>|:=|!=|<=|>=|\.\.|\*\*/y],
  ['text', operand],
];

/** The tokens of a text, everything included, in order; unreadable characters become operators of their own. */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let afterOperand = false;
  for (let start = 0; start < text.length; ) {
    const token = (afterOperand ? undefined : regexAt(text, start)) ?? tokenAt(text, start);
    tokens.push(token);
    start = token.end;
    if (token.kind !== 'space' && token.kind !== 'comment') afterOperand = endsOperand(token);
  }
  return tokens;
}

function tokenAt(text: string, start: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const found = pattern.exec(text);
    if (found) return { kind, start, end: start + found[0].length, text: found[0] };
  }
  return { kind: 'operator', start, end: start + 1, text: text.charAt(start) };
}

function endsOperand({ kind, text }: Token): boolean {
  if (kind === 'text') return text !== 'and' && text !== 'or' && text !== 'in';
  return kind === 'string' || kind === 'quoted-name' || kind === 'close' || kind === 'regex';
}

/** JSONata's rule: a regular expression ends at the first unescaped `/` outside brackets. */
function regexAt(text: string, start: number): Token | undefined {
  if (text.charAt(start) !== '/' || text.charAt(start + 1) === '*') return undefined;
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (char === '/' && depth === 0) {
      const end = at + 1 + (/^[im]*/.exec(text.slice(at + 1))?.[0].length ?? 0);
      return { kind: 'regex', start, end, text: text.slice(start, end) };
    }
  }
  return undefined;
}
