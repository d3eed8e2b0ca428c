import { type Json, readJson } from '@millrace/contract';
import { readInThread } from '@millrace/document-thread';

/** Characters of which reading takes some ten milliseconds, and a few times that where numbers are long. */
const largeLength = 1024 * 1024;

const reader = { module: import.meta.resolve('@millrace/contract'), name: readJson.name };

/**
 * As {@link readJson}, without holding anything up.
 * @throws {SyntaxError} where the text is no JSON
 */
export async function readJsonOfAnySize(text: string): Promise<Json> {
  return text.length > largeLength ? readInThread(reader, text) : readJson(text);
}
