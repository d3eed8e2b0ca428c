import { type Json, MillraceError, readJson } from '@millrace/contract';
import { isSlowJson, readInThread } from '@millrace/document-thread';
import Verifier from 'stream-json/utils/verifier.js';
import { assertStorable } from '../text/storable.ts';
import { slices } from './source.ts';

/** Lists and objects inside each other. */
export const maxDepth = 200;

/** Only these escapes can stand for a NUL or a half of a surrogate pair. */
const suspicious = /\\u(?:0000|d[89a-f])/i;

/**
 * A whole JSON text, without rounding any number.
 * @param line of the text in the document, from 1
 * @throws {MillraceError} `JSON_INVALID` with `details.line` and `details.column`, `JSON_TOO_DEEP`, `TEXT_NOT_STORABLE`
 */
export async function parseJson(text: string, line = 1): Promise<Json> {
  if (depthOf(text) > maxDepth) throw tooDeep();
  try {
    const value = readJson(text);
    if (suspicious.test(text)) assertStorable(value);
    return value;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw (await mistakeIn(text, line)) ?? invalid('It cannot be read', { line, pos: 1 }, thrown);
  }
}

const parser = { module: import.meta.url, name: parseJson.name };

/**
 * As {@link parseJson}, without holding anything up.
 * @param tenant slug of whose text it is
 */
export async function parseJsonOfAnySize(text: string, tenant: string): Promise<Json> {
  return isSlowJson(text) ? readInThread(parser, tenant, text) : parseJson(text);
}

export function tooDeep(): MillraceError {
  return new MillraceError('JSON_TOO_DEEP', `The JSON is nested deeper than ${maxDepth} levels.`);
}

/** Lets text through as far as it is JSON, so that what stands behind meets nothing else. */
export async function* verified(text: AsyncIterable<string>): AsyncGenerator<string> {
  const verifier = Verifier.asStream();
  // The callback of the write has the error as well; without a listener it would end the process.
  verifier.on('error', () => undefined).resume();
  try {
    for await (const slice of text) {
      await new Promise<void>((resolve, reject) => {
        verifier.write(slice, (error) => (error ? reject(asInvalid(error)) : resolve()));
      });
      yield slice;
    }
    await new Promise<void>((resolve, reject) => {
      verifier.once('error', (error) => reject(asInvalid(error))).end(resolve);
    });
  } finally {
    verifier.destroy();
  }
}

async function mistakeIn(text: string, line: number): Promise<MillraceError | undefined> {
  try {
    for await (const _ of verified(slices(`${'\n'.repeat(line - 1)}${text}`)));
    return undefined;
  } catch (thrown) {
    if (thrown instanceof MillraceError) return thrown;
    throw thrown;
  }
}

function asInvalid(error: Error): Error {
  const { line, pos, message } = error as Verifier.VerifierError;
  if (typeof line !== 'number') return error;
  const expected = /(?:expected|unexpected) .*$/.exec(message)?.[0];
  return invalid(expected === undefined ? 'It cannot be read' : expected, { line, pos }, error);
}

function invalid(reason: string, { line, pos }: { line: number; pos: number }, cause: unknown): MillraceError {
  return new MillraceError('JSON_INVALID', `This is not JSON: see line ${line}, column ${pos} (${reason}).`, {
    details: { line, column: pos },
    cause,
  });
}

/** Measured on the text, because reading deep nesting is what must not happen. */
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
