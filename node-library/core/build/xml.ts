import { type Blobs, isObject, type Json, MillraceError } from '@millrace/contract';
import { itemsOf } from '../list/items.ts';
import type { XmlOptions } from './config.ts';
import { type ElementPlace, elementText, nameAt } from './xml-element.ts';

/**
 * An XML document in pieces, from data of the shape that `core/parse` gives.
 * @param encoding as the declaration names it; none for a text
 * @throws {MillraceError} `XML_ROOT`, `XML_NAME`, `XML_VALUE` with the pointer to the place in the data, `NOT_A_LIST`
 */
export async function* xmlPieces(
  data: Json,
  options: XmlOptions & { encoding?: string },
  blobs: Blobs,
): AsyncGenerator<string> {
  const { declaration = true, encoding, indent = false, root, item } = options;
  const end = indent ? '\n' : '';
  const place = (pointer: string, depth: number): ElementPlace => ({ pointer, depth, indent });
  if (declaration) yield `<?xml version="1.0"${encoding === undefined ? '' : ` encoding="${encoding}"`}?>${end}`;
  if (root === undefined || item === undefined) {
    const [name, value] = rootOf(data, root);
    return yield elementText(name, value, place(root === undefined ? `/${name}` : '', 0)) + end;
  }
  nameAt(root, '/config/xml/root');
  yield `<${root}>${end}`;
  let index = 0;
  for await (const each of itemsOf(data, blobs)) {
    yield elementText(item, each, place(`/${index}`, 1)) + end;
    index += 1;
  }
  yield `</${root}>${end}`;
}

function rootOf(data: Json, root: string | undefined): [string, Json] {
  if (root !== undefined) return [root, data];
  const [only, ...more] = isObject(data) ? Object.entries(data) : [];
  if (only && more.length === 0 && !only[0].startsWith('@') && only[0] !== '#text') return only;
  throw new MillraceError(
    'XML_ROOT',
    'An XML document has one root element: name it, or let the data be an object with one field.',
  );
}
