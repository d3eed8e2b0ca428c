import { type Json, MillraceError } from '@millrace/contract';
import { isSlowJson, readInThread } from '@millrace/document-thread';
import { readJsonText } from './json-text.ts';

/**
 * Bytes as text. A byte order mark is dropped.
 * @throws {MillraceError} `FILE_NOT_TEXT`
 */
export function textOf(bytes: Uint8Array, name: string): string {
  const text = decoded(bytes);
  if (text !== undefined && !text.includes('\0')) return text;
  throw new MillraceError('FILE_NOT_TEXT', `${JSON.stringify(name)} is no UTF-8 text.`);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Bytes as JSON, numbers exact, and such that it can be stored; nothing is held up, however many they are.
 * @param tenant slug of whose file it is
 * @throws {MillraceError} `FILE_NOT_TEXT`, `FILE_NOT_JSON`
 */
export async function jsonOf(bytes: Uint8Array, name: string, tenant: string): Promise<Json> {
  const text = textOf(bytes, name);
  return isSlowJson(text) ? readInThread(reader, tenant, text, name) : readJsonText(text, name);
}

const reader = { module: import.meta.resolve('./json-text.ts'), name: readJsonText.name };
