import { type Json, type JsonObject, MillraceError } from '@millrace/contract';
import { type EntityDecoderOptions, XMLParser, XMLValidator } from 'fast-xml-parser';

/** Elements inside each other; more is no business document. */
const maxDepth = 100;

/** Longest part of the parser's reason that is repeated, in characters: it quotes the document. */
const maxReason = 200;

/**
 * An XML document as JSON: an element is an object of its attributes (`@name`) and elements, repeated ones a list; one
 * without either is its text. Every value stays text (`00123`). Text beside attributes or elements is under `#text`;
 * blanks between elements are left out. Nothing that a document type declares is loaded or expanded.
 * @throws {MillraceError} `XML_INVALID` with `details.reason` and, where it is known, `details.line` and `details.column`
 */
export function readXml(text: string): Json {
  const document = text.replace(/^\uFEFF/, '');
  refuseForbidden(document);
  const valid = XMLValidator.validate(document);
  if (valid !== true) throw misplaced(valid.err);
  const parsed = parse(document);
  // The validator overlooks a second root that has no content.
  if (Object.values(parsed).flat().length !== 1) throw notXml('it has more than one root element');
  return parsed;
}

function parse(document: string): JsonObject {
  try {
    return parser().parse(document) as JsonObject;
  } catch (thrown) {
    throw thrown instanceof MillraceError ? thrown : notXml((thrown as Error).message, thrown);
  }
}

/** Charset named by an XML declaration, for documents that arrive without another word about it (RFC 7303, 3.2). */
export function xmlCharset(bytes: Uint8Array): string | undefined {
  const beginning = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  return /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(beginning)?.[1];
}

function parser(): XMLParser {
  return new XMLParser({
    attributeNamePrefix: '@',
    ignoreAttributes: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    // Handing every callback the path as text would cost quadratic time in depth.
    jPath: false,
    maxNestedTags: maxDepth,
    onDangerousProperty: (name) => name,
    parseAttributeValue: false,
    parseTagValue: false,
    // The parser's own decoder would expand what the document declares; ours is asked for every reference instead.
    entityDecoder: predefinedEntities,
    processEntities: true,
    tagValueProcessor: (_name, value, _path, _hasAttributes, isLeaf) => (isLeaf || value.trim() !== '' ? value : ''),
    trimValues: false,
  });
}

const nothing = () => undefined;

/** Knows what every XML processor knows, and learns nothing from a document. */
const predefinedEntities: EntityDecoderOptions = {
  decode: (text) => text.replace(/&([^;\s&]*;?)/g, (_all, reference: string) => characterOf(reference)),
  addInputEntities: nothing,
  setExternalEntities: nothing,
  setXmlVersion: nothing,
  reset: nothing,
};

const predefined = new Map([
  ['amp;', '&'],
  ['lt;', '<'],
  ['gt;', '>'],
  ['quot;', '"'],
  ['apos;', "'"],
]);

function characterOf(reference: string): string {
  const character = predefined.get(reference) ?? numbered(reference);
  if (character === undefined) throw notXml(`“&${reference}” is none of the references that XML itself defines`);
  return character;
}

function numbered(reference: string): string | undefined {
  const [, decimal, hexadecimal] = /^#(?:(\d{1,7})|x([\da-fA-F]{1,6}));$/.exec(reference) ?? [];
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  if (Number.isNaN(code) || code > 0x10_ff_ff) return undefined;
  const character = String.fromCodePoint(code);
  return character.isWellFormed() && !forbidden.test(character) ? character : undefined;
}

/** Outside XML's `Char` (XML 1.0, 2.2); PostgreSQL would not store some of them either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function refuseForbidden(document: string): void {
  const at = document.search(forbidden);
  if (at >= 0) throw notXml(`character ${document.charCodeAt(at)} is not allowed in XML`);
}

function misplaced({ line, col, msg }: { line: number; col: number; msg: string }): MillraceError {
  return notXml(`line ${line}: ${msg}`, undefined, { line, column: col });
}

function notXml(said: string, cause?: unknown, place: JsonObject = {}): MillraceError {
  const reason = said.length > maxReason ? `${said.slice(0, maxReason)}…` : said.replace(/\.$/, '');
  return new MillraceError('XML_INVALID', `This cannot be read as XML: ${reason}.`, {
    details: { reason, ...place },
    cause,
  });
}
