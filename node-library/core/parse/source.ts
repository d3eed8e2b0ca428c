import { setImmediate } from 'node:timers/promises';
import { type Blobs, isBlobRef, type Json, MillraceError } from '@millrace/contract';
import { type Detect, decoded } from '../text/decode.ts';
import type { Encoding } from '../text/encoding.ts';

/** Characters of a text that are handed on at once. */
const sliceLength = 64 * 1024;

/** Longest text that is parsed as a whole, in characters. */
const maxWhole = 10 * 1024 * 1024;

export interface SourceOptions {
  readonly encoding: Encoding | undefined;
  readonly detect?: Detect;
  readonly blobs: Blobs;
}

/**
 * The text that is to be parsed, in slices; a byte order mark is dropped.
 * @throws {MillraceError} `PARSE_NOT_TEXT`, and what decoding and reading a file may throw
 */
export function textOf(from: Json, { encoding, detect, blobs }: SourceOptions): AsyncIterable<string> {
  if (typeof from === 'string') return slices(from.replace(/^\uFEFF/, ''));
  if (isBlobRef(from)) return decoded(blobs.read(from), encoding, detect);
  throw new MillraceError('PARSE_NOT_TEXT', 'Only a text or a file can be parsed; this is other data.');
}

/** @throws {MillraceError} `PARSE_TOO_LARGE` */
export async function wholeText(text: AsyncIterable<string>, hint: string): Promise<string> {
  let whole = '';
  for await (const slice of text) {
    whole += slice;
    if (whole.length > maxWhole)
      throw new MillraceError('PARSE_TOO_LARGE', `The text is longer than ${maxWhole} characters; ${hint}`);
  }
  return whole;
}

/** No slice ends within a surrogate pair. Between two of them whatever else the process has to do gets its turn. */
export async function* slices(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; ) {
    const end = at + sliceLength;
    const next = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end + 1 : end;
    yield text.slice(at, next);
    at = next;
    await setImmediate();
  }
}
