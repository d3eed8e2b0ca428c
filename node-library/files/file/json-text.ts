import { type Json, MillraceError, readJson } from '@millrace/contract';

/** Deeper than any document that people exchange, and far from where reading or storing it would fail. */
const deepest = 500;

/**
 * A text as JSON, numbers exact, and such that it can be stored.
 * @throws {MillraceError} `FILE_NOT_JSON`
 */
export function readJsonText(text: string, name: string): Json {
  const value = parsed(text);
  const reason = value === undefined ? 'it is no JSON' : unfit(value);
  if (value === undefined || reason !== undefined) {
    throw new MillraceError('FILE_NOT_JSON', `${JSON.stringify(name)} cannot be read as JSON: ${reason}.`);
  }
  return value;
}

/** Nothing also for what is nested so deeply that reading it runs out of stack. */
function parsed(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

/** Why a document cannot be kept in a database; looked at without recursion, as its depth is not known yet. */
function unfit(document: Json): string | undefined {
  const open: { value: unknown; depth: number }[] = [{ value: document, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (depth > deepest) return `it is nested more than ${deepest} deep`;
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) {
      return 'a text in it holds a NUL or half a character';
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      open.push({ value: key, depth }, { value: inner, depth: depth + 1 });
    }
  }
  return undefined;
}
