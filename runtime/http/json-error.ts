/** Where a text stops being JSON. */
export interface JsonPosition {
  /** Offset in UTF-16 units. */
  readonly position: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * The place of the first error in a text that is known not to be JSON (RFC 8259). V8's own message names it only
 * sometimes, and quotes the text.
 */
export function locateJsonError(text: string): JsonPosition {
  const scan: Scan = { text, at: 0, open: [] };
  let state: State | undefined = value;
  while (state) {
    skipSpace(scan);
    state = state(scan);
  }
  const before = text.slice(0, scan.at).split('\n');
  return { position: scan.at, line: before.length, column: (before.at(-1) as string).length + 1 };
}

interface Scan {
  readonly text: string;
  at: number;
  /** Closing brackets that are owed. */
  readonly open: string[];
}

/** Reads what it expects and says what may follow; nothing where the text has something else. */
type State = (scan: Scan) => State | undefined;

const value: State = (scan) => {
  const character = scan.text[scan.at];
  if (character === '{') return enter(scan, '}', firstKey);
  if (character === '[') return enter(scan, ']', firstItem);
  return readString(scan) || readWord(scan) ? after : undefined;
};

const firstItem: State = (scan) => leave(scan, ']') ?? value(scan);
const firstKey: State = (scan) => leave(scan, '}') ?? key(scan);

const key: State = (scan) => {
  if (!readString(scan)) return undefined;
  skipSpace(scan);
  return take(scan, ':') ? value : undefined;
};

const after: State = (scan) => {
  const closing = scan.open.at(-1);
  if (closing === undefined) return undefined;
  return leave(scan, closing) ?? (take(scan, ',') ? (closing === '}' ? key : value) : undefined);
};

function enter(scan: Scan, closing: string, next: State): State {
  scan.open.push(closing);
  scan.at++;
  return next;
}

function leave(scan: Scan, closing: string): State | undefined {
  if (!take(scan, closing)) return undefined;
  scan.open.pop();
  return after;
}

function take(scan: Scan, character: string): boolean {
  if (scan.text[scan.at] !== character) return false;
  scan.at++;
  return true;
}

function skipSpace(scan: Scan): void {
  while (' \t\n\r'.includes(scan.text[scan.at] ?? '!')) scan.at++;
}

const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

function readWord(scan: Scan): boolean {
  return readPattern(scan, word);
}

/** Character by character: a pattern over a string of many megabytes would exhaust the matcher's stack. */
function readString(scan: Scan): boolean {
  if (scan.text[scan.at] !== '"') return false;
  scan.at++;
  for (let character = scan.text[scan.at]; character !== '"'; character = scan.text[scan.at]) {
    if (character === undefined || character < ' ') return false;
    if (character !== '\\') scan.at++;
    else if (!readPattern(scan, escapeSequence)) return false;
  }
  scan.at++;
  return true;
}

function readPattern(scan: Scan, pattern: RegExp): boolean {
  pattern.lastIndex = scan.at;
  const found = pattern.test(scan.text);
  if (found) scan.at = pattern.lastIndex;
  return found;
}
