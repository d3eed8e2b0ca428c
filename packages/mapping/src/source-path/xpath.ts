import { nameText } from './name-text.ts';
import { PathReader } from './path-reader.ts';

/*
 * The part of XPath 1.0 that names places: child, attribute and descendant steps, `*`, `.`, `text()`, and filters by
 * position or by equal text. Prefixes of names are compared as they are written.
 */

const nameStart = String.raw`\p{L}_`;
const ncName = String.raw`[${nameStart}][${nameStart}\p{N}.\-]*`;
/** Not a part of a name, and neither of a function nor of an axis. */
const nameEnd = String.raw`(?![${nameStart}\p{N}.\-:]|\s*\()`;
const qName = new RegExp(`${ncName}(?::${ncName})?${nameEnd}`, 'uy');

/** Text of an element: one without attributes and elements is its text. */
const ownText = '($type($) = "object" ? `#text` : $)';
const members = (pattern: string) =>
  `($type($) = "object" ? $sift($, function($value, $name) { $contains($name, ${pattern}) }).*)`;
const anyElement = members('/^[^@#]/');
const anyAttribute = members('/^@/');

export function xpathText(path: string): string {
  const reader = new PathReader(path.trim());
  const steps: string[] = [];
  const first = reader.take(/\/{1,2}/y)?.[0];
  if (first) steps.push('$$');
  if (first === '/' && reader.done) return '$$';
  if (first === '//') steps.push('**');
  steps.push(readStep(reader));
  while (!reader.done) {
    const slash = reader.take(/\/{1,2}/y)?.[0];
    if (!slash) throw notHere(reader);
    if (slash === '//') steps.push('**');
    steps.push(readStep(reader));
  }
  return steps.join('.');
}

function readStep(reader: PathReader): string {
  if (reader.take(/\.\./y)) throw reader.unsupported('“..” cannot be used; start the path further up instead.');
  let step = readNode(reader);
  if (step === undefined) throw notHere(reader);
  while (reader.take(/\s*\[\s*/y)) step += `[${readFilter(reader)}]`;
  return step;
}

function readNode(reader: PathReader): string | undefined {
  if (reader.take(/\./y)) return '$';
  if (reader.take(/text\(\s*\)/y)) return ownText;
  if (reader.take(/@\*/y)) return anyAttribute;
  if (reader.take(/\*(?!:)/y)) return anyElement;
  if (reader.take(/@/y)) return nameText(`@${readName(reader)}`);
  const name = reader.take(qName)?.[0];
  return name === undefined ? undefined : nameText(name);
}

function readName(reader: PathReader): string {
  const name = reader.take(qName)?.[0];
  if (name === undefined) throw notHere(reader);
  return name;
}

/** Positions count from 1, and from the end with `last()`. */
function readFilter(reader: PathReader): string {
  const position = reader.take(/([1-9]\d{0,8})\s*\]/y)?.[1];
  if (position !== undefined) return String(Number(position) - 1);
  if (reader.take(/last\(\s*\)\s*\]/y)) return '-1';
  const operand = readOperand(reader);
  if (reader.take(/\s*\]/y)) return `$exists(${operand})`;
  if (!reader.take(/\s*=\s*/y)) throw unknownFilter(reader);
  const [, double, single] = reader.take(/(?:"([^"]*)"|'([^']*)')\s*\]/y) ?? [];
  const text = double ?? single;
  if (text === undefined) throw unknownFilter(reader);
  return `${JSON.stringify(text)} in ${operand}`;
}

/** What a filter looks at: the text of the element itself, of one in it, or an attribute. */
function readOperand(reader: PathReader): string {
  if (reader.take(/\.(?![./])|text\(\s*\)/y)) return ownText;
  const steps: string[] = [];
  do {
    if (reader.take(/@/y)) return [...steps, nameText(`@${readName(reader)}`)].join('.');
    const name = reader.take(qName)?.[0];
    if (name === undefined) throw unknownFilter(reader);
    steps.push(nameText(name));
  } while (reader.take(/\/(?!\/)/y));
  return [...steps, ownText].join('.');
}

function unknownFilter(reader: PathReader) {
  return reader.unsupported(
    "A filter is a position, such as [1] or [last()], or a comparison with a quoted text, such as [@type='A'] or [Status='open']; several filters are written one behind the other.",
  );
}

function notHere(reader: PathReader) {
  if (reader.done) return reader.invalid('The path ends where a name is needed.');
  return reader.unsupported(
    'A path is made of names, @attributes, *, . and text() with / or // between them; functions, axes and | cannot be used.',
  );
}
