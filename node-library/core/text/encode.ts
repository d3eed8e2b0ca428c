import { MillraceError } from '@millrace/contract';
import type { Encoding } from './encoding.ts';

export interface EncodeOptions {
  readonly encoding: Encoding;
  readonly byteOrderMark: boolean;
}

/**
 * The bytes of a text that comes in pieces.
 * @throws {MillraceError} `TEXT_NOT_ENCODABLE` naming the character that the encoding does not have
 */
export async function* encoded(
  pieces: AsyncIterable<string>,
  { encoding, byteOrderMark }: EncodeOptions,
): AsyncGenerator<Uint8Array> {
  if (byteOrderMark) yield bytesOf('\ufeff', encoding);
  for await (const piece of pieces) yield bytesOf(piece, encoding);
}

function bytesOf(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-16') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const foreign = /[\u0100-\u{10ffff}]/u.exec(text)?.[0];
  if (foreign === undefined) return Buffer.from(text, 'latin1');
  const code = (foreign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new MillraceError('TEXT_NOT_ENCODABLE', `The character “${foreign}” (U+${code}) does not exist in latin1.`);
}
