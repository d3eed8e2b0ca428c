import { isObject, type Json, MillraceError, readJson } from '@millrace/contract';
import { isSlowJson, readInThread } from '@millrace/document-thread';
import { locateJsonError } from './json-error.ts';

/** Levels of arrays and objects at most. */
export const maxDepth = 200;

/**
 * JSON text as a value that PostgreSQL can keep.
 * @throws {MillraceError} `BAD_JSON` with line and column; `TOO_DEEP`; `TEXT_NOT_STORABLE` with the pointer to the text
 */
export function parsePayload(text: string): Json {
  if (depthOf(text) > maxDepth)
    throw new MillraceError('TOO_DEEP', `The JSON is nested deeper than ${maxDepth} levels.`);
  const value = parse(text);
  if (suspicious.test(text)) requireStorable(value);
  return value;
}

const parser = { module: import.meta.url, name: parsePayload.name };

/**
 * As {@link parsePayload}, without holding anything up however long the text is.
 * @param tenant slug of who sends it
 */
export async function parsePayloadOfAnySize(text: string, tenant: string): Promise<Json> {
  return isSlowJson(text) ? readInThread(parser, tenant, text) : parsePayload(text);
}

function parse(text: string): Json {
  try {
    return readJson(text);
  } catch {
    const { position, line, column } = locateJsonError(text);
    throw new MillraceError('BAD_JSON', `The body is not valid JSON: see line ${line}, column ${column}.`, {
      details: { position, line, column },
    });
  }
}

/** Measured on the text, because reading deep nesting is what must not happen; in one pass, whatever the text is. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/** Only these escapes can stand for a NUL or a half of a surrogate pair. */
const suspicious = /\\u(?:0000|d[89a-f])/i;

/** PostgreSQL keeps neither NUL characters nor halves of surrogate pairs. */
function requireStorable(value: Json): void {
  const pointer = unstorable(value, '');
  if (pointer !== undefined)
    throw new MillraceError(
      'TEXT_NOT_STORABLE',
      'A text holds a character that cannot be stored (NUL, or half a surrogate pair).',
      {
        pointer,
      },
    );
}

function unstorable(value: Json, pointer: string): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : pointer;
  if (Array.isArray(value)) return firstOf(value.entries(), pointer);
  if (isObject(value)) return firstOf(Object.entries(value), pointer);
  return undefined;
}

function firstOf(entries: Iterable<[string | number, Json]>, pointer: string): string | undefined {
  for (const [key, inner] of entries) {
    const place = `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const found = isStorable(String(key)) ? unstorable(inner, place) : pointer;
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
