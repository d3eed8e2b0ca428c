import { type Json, readJson } from '@millrace/contract';
import { readInThread } from '@millrace/document-thread';

/** Characters of which reading takes some ten milliseconds, and a few times that where numbers are long. */
const largeLength = 1024 * 1024;

const reader = { module: import.meta.resolve('@millrace/contract'), name: readJson.name };

/**
 * As {@link readJson}, without holding anything up.
 * @param tenant slug of whose text it is
 * @throws {SyntaxError} where the text is no JSON
 */
export async function readJsonOfAnySize(text: string, tenant: string): Promise<Json> {
  return text.length > largeLength ? readInThread(reader, tenant, text) : readJson(text);
}
