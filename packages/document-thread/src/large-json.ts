import { type Json, readJson } from '@millrace/contract';
import { readInThread } from './read-in-thread.ts';

/** Characters of JSON of which reading takes some ten milliseconds, and a few times that where numbers are long. */
export const largeJson = 1024 * 1024;

const reader = { module: import.meta.resolve('@millrace/contract'), name: readJson.name };

/**
 * As {@link readJson}, without holding anything up.
 * @param tenant slug of whose text it is
 * @throws {SyntaxError} where the text is no JSON
 * @throws {MillraceError} what {@link readInThread} fails with
 */
export async function readJsonOfAnySize(text: string, tenant: string): Promise<Json> {
  return text.length > largeJson ? readInThread(reader, tenant, text) : readJson(text);
}
