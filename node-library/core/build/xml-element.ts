import { ExactNumber, isObject, type Json, MillraceError, writeJson } from '@millrace/contract';

/** Elements inside each other. */
const maxDepth = 100;

/** XML 1.0, 2.3, without the rarer ranges. */
const xmlName = /^[\p{L}_][\p{L}\p{N}\p{M}_.\-\u00b7]*(?::[\p{L}_][\p{L}\p{N}\p{M}_.\-\u00b7]*)?$/u;

/** Outside XML's `Char` (XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

export interface ElementPlace {
  /** JSON Pointer of the element in the data. */
  readonly pointer: string;
  readonly depth: number;
  readonly indent: boolean;
}

/**
 * An element with all that is in it. `@name` is an attribute, `#text` its text, a list the same element several times.
 * Everything that is no name is escaped, so that no value can end an element, an attribute or the document.
 * @throws {MillraceError} `XML_NAME`, `XML_VALUE`
 */
export function elementText(name: string, value: Json, place: ElementPlace): string {
  if (place.depth >= maxDepth) throw unwritable(place, `elements are nested deeper than ${maxDepth} levels`);
  const pad = place.indent ? '  '.repeat(place.depth) : '';
  const tag = nameAt(name, place.pointer);
  if (Array.isArray(value)) throw unwritable(place, 'a list cannot stand here');
  if (!isObject(value)) return pad + closed(tag, '', escaped(value, place));
  const fields = Object.entries(value).map(([key, inner]) => ({ key, inner, at: inside(place, key) }));
  const attributes = fields.filter(({ key }) => key.startsWith('@')).map(attribute);
  const text = fields.filter(({ key }) => key === '#text').map(({ inner, at }) => escaped(inner, at));
  // Blanks beside a text would belong to it.
  const indent = place.indent && text.length === 0;
  const elements = fields
    .filter(({ key }) => !/^(?:@|#text$)/.test(key))
    .flatMap(({ key, inner, at }) => children(key, inner, { ...at, indent }));
  return pad + closed(tag, attributes.join(''), text.join('') + around(elements, indent, pad));
}

/** The name, where XML allows it. */
export function nameAt(name: string, pointer: string): string {
  if (xmlName.test(name)) return name;
  throw new MillraceError('XML_NAME', 'A field has a name that no XML element or attribute can have.', { pointer });
}

function children(name: string, value: Json, place: ElementPlace): string[] {
  if (!Array.isArray(value)) return [elementText(name, value, place)];
  return value.map((item: Json, index) => elementText(name, item, { ...place, pointer: `${place.pointer}/${index}` }));
}

function attribute({ key, inner, at }: { key: string; inner: Json; at: ElementPlace }): string {
  return ` ${nameAt(key.slice(1), at.pointer)}="${escaped(inner, at).replaceAll('\n', '&#10;')}"`;
}

function closed(tag: string, attributes: string, content: string): string {
  return content === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${content}</${tag}>`;
}

function around(elements: readonly string[], indent: boolean, pad: string): string {
  if (elements.length === 0 || !indent) return elements.join('');
  return `\n${elements.join('\n')}\n${pad}`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Readers would make these a blank or a line end.
  '\t': '&#9;',
  '\r': '&#13;',
};

function escaped(value: Json, place: ElementPlace): string {
  if (value === null) return '';
  if (typeof value === 'object' && !(value instanceof ExactNumber)) throw unwritable(place, 'a text is needed here');
  const text = typeof value === 'string' ? value : writeJson(value);
  if (forbidden.test(text) || !text.isWellFormed())
    throw unwritable(place, 'a text holds a character that XML forbids');
  return text.replace(/[&<>"\t\r]/g, (character) => escapes[character] as string);
}

function inside({ pointer, depth, indent }: ElementPlace, key: string): ElementPlace {
  return { pointer: `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth: depth + 1, indent };
}

function unwritable({ pointer }: ElementPlace, reason: string): MillraceError {
  return new MillraceError('XML_VALUE', `This cannot be written as XML: ${reason}.`, { pointer });
}
