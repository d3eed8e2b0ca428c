import { TextDecoder } from 'node:util';
import { MillraceError } from '@millrace/contract';
import type { Encoding } from './encoding.ts';

/** Bytes that are decoded at once, so that what follows is never handed a whole file. */
const sliceBytes = 64 * 1024;

/** More bytes than any byte order mark or XML declaration takes. */
const headBytes = 200;

export type Detect = (head: Uint8Array) => string | undefined;

/**
 * The text of a file, in slices that cut no character apart; a byte order mark is dropped.
 * @param encoding of the file; without it what a byte order mark says, else what `detect` finds, else UTF-8
 * @throws {MillraceError} `TEXT_NOT_DECODABLE`, `TEXT_NOT_STORABLE` (a NUL character)
 */
export async function* decoded(
  source: AsyncIterable<Uint8Array>,
  encoding: Encoding | undefined,
  detect: Detect = () => undefined,
): AsyncGenerator<string> {
  let decoder: ReturnType<typeof decoderFor> | undefined;
  let at = 0;
  for await (const slice of sliced(withHead(source))) {
    decoder ??= decoderFor(charsetOf(slice, encoding, detect));
    yield storable(decoder(slice, at));
    at += slice.length;
  }
  if (decoder) yield storable(decoder(undefined, at));
}

async function* sliced(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += sliceBytes) yield chunk.subarray(at, at + sliceBytes);
  }
}

/** The same bytes, the first of them together. */
async function* withHead(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of source) {
    if (head) head = Buffer.concat([head, chunk]);
    else yield chunk;
    if (head && head.length >= headBytes) {
      yield head;
      head = undefined;
    }
  }
  if (head) yield head;
}

function charsetOf(head: Uint8Array, encoding: Encoding | undefined, detect: Detect): string {
  const marked = charsetOfMark(head);
  if (encoding === 'utf-16') return marked === 'utf-16be' ? marked : 'utf-16le';
  return encoding ?? marked ?? detect(head) ?? 'utf-8';
}

function charsetOfMark([first, second]: Uint8Array): string | undefined {
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined;
}

/** Decodes slice by slice; without a slice, what was left over. */
function decoderFor(charset: string): (slice: Uint8Array | undefined, at: number) => string {
  // What the web calls latin1 is windows-1252, which gives other characters for 80 to 9F.
  if (/^(?:latin1|iso-8859-1)$/i.test(charset)) return (slice) => Buffer.from(slice ?? []).toString('latin1');
  const decoder = strictDecoder(charset);
  return (slice, at) => {
    try {
      return decoder.decode(slice, { stream: slice !== undefined });
    } catch (cause) {
      throw undecodable(`The file is not ${charset} text: see byte ${at + 1} and those behind it.`, cause);
    }
  };
}

function strictDecoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch (cause) {
    throw undecodable('The file names an encoding that is not known.', cause);
  }
}

function undecodable(message: string, cause: unknown): MillraceError {
  return new MillraceError('TEXT_NOT_DECODABLE', message, { cause });
}

function storable(text: string): string {
  if (!text.includes('\0')) return text;
  throw new MillraceError(
    'TEXT_NOT_STORABLE',
    'The file holds a NUL character: it is no text, or of another encoding.',
  );
}
