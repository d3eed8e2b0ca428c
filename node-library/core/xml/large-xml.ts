import type { Json } from '@millrace/contract';
import { readInThread } from '@millrace/document-thread';
import { readXml } from './read-xml.ts';

/** Characters of which reading takes some fifty milliseconds: more of that is done aside. */
const largeLength = 256 * 1024;

const reader = { module: import.meta.resolve('./read-xml.ts'), name: readXml.name };

/**
 * As {@link readXml}, which takes seconds for some documents, without holding anything up.
 * @param tenant slug of whose text it is
 */
export async function readXmlOfAnySize(text: string, tenant: string): Promise<Json> {
  return text.length > largeLength ? readInThread(reader, tenant, text) : readXml(text);
}
