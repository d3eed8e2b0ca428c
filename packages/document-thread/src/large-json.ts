import { hasLongNumber, type Json, readJson } from '@millrace/contract';
import { readInThread } from './read-in-thread.ts';

/** Characters of JSON of which reading takes some ten milliseconds, and ten times that where numbers are long. */
const largeJson = 1024 * 1024;

const reader = { module: import.meta.resolve('@millrace/contract'), name: readJson.name };

/**
 * Whether JSON text is better read aside. To take over what another thread has read takes longer than `JSON.parse` itself:
 * it is worth that only where each number has to be looked at.
 */
export function isSlowJson(text: string): boolean {
  return text.length > largeJson && hasLongNumber(text);
}

/**
 * As {@link readJson}, without holding anything up.
 * @param tenant slug of whose text it is
 * @throws {SyntaxError} where the text is no JSON
 * @throws {MillraceError} what {@link readInThread} fails with
 */
export async function readJsonOfAnySize(text: string, tenant: string): Promise<Json> {
  return isSlowJson(text) ? readInThread(reader, tenant, text) : readJson(text);
}
