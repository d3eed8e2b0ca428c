import { nameText } from './name-text.ts';
import { PathReader } from './path-reader.ts';

/*
 * The part of JSONPath (RFC 9535) that JSONata paths can say: members, items, `*`, `..`, and filters by an equal value or
 * by presence. As in every JSONata path, lists on the way are walked over, whether `[*]` is written or not.
 */

const member = /\.\s*([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|\[\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]/y;
const literal =
  /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

export function jsonpathText(path: string): string {
  const reader = new PathReader(path.trim());
  const start = reader.take(/[$@]/y)?.[0];
  if (!start) throw reader.invalid('A path begins with $ (the whole data) or with @ (the item of a list).');
  let text = start === '$' ? '$$' : '$';
  while (!reader.done) text += readSegment(reader);
  return text;
}

function readSegment(reader: PathReader): string {
  if (reader.take(/\.\.(?=\[)|\.(?=\.)/y)) return `.**${readMember(reader)}`;
  if (reader.take(/\.\*/y)) return '.*';
  const name = takeMember(reader);
  if (name !== undefined) return `.${nameText(name)}`;
  if (!reader.take(/\[\s*/y)) throw notHere(reader);
  return readBracket(reader);
}

function readMember(reader: PathReader): string {
  const name = takeMember(reader);
  if (name === undefined) throw notHere(reader);
  return `.${nameText(name)}`;
}

function takeMember(reader: PathReader): string | undefined {
  const [, plain, double, single] = reader.take(member) ?? [];
  return plain ?? quotedText(reader, double, single);
}

function readBracket(reader: PathReader): string {
  if (reader.take(/\*\s*\]/y)) return afterEveryItem(reader);
  const index = reader.take(/(-?\d{1,9})\s*\]/y)?.[1];
  if (index !== undefined) return `[${Number(index)}]`;
  if (!reader.take(/\?\s*/y)) throw notHere(reader);
  const closing = reader.take(/\(\s*/y) ? /\s*\)\s*\]/y : /\s*\]/y;
  const filter = readFilter(reader);
  if (!reader.take(closing)) throw unknownFilter(reader);
  return `[${filter}]`;
}

/** A JSONata path walks over lists by itself; what follows in brackets would then be meant for the wrong list. */
function afterEveryItem(reader: PathReader): string {
  if (reader.take(/\s*\[\s*(?=[\d?*-])/y)) {
    throw reader.unsupported('Behind [*] a name is needed: lists that stand directly in lists cannot be told apart.');
  }
  return '';
}

function readFilter(reader: PathReader): string {
  if (!reader.take(/@/y)) throw unknownFilter(reader);
  let operand = '$';
  for (let name = takeMember(reader); name !== undefined; name = takeMember(reader)) operand += `.${nameText(name)}`;
  if (!reader.take(/\s*==\s*/y)) return `$exists(${operand})`;
  const [, double, single, other] = reader.take(literal) ?? [];
  const text = quotedText(reader, double, single);
  if (text === undefined && other === undefined) throw unknownFilter(reader);
  return `${operand} = ${text === undefined ? other : JSON.stringify(text)}`;
}

/** What stands between quotes; with single ones, quotes change their roles. */
function quotedText(reader: PathReader, double?: string, single?: string): string | undefined {
  const written = double ?? single?.replaceAll(/\\.|"/g, (found) => ({ "\\'": "'", '"': '\\"' })[found] ?? found);
  if (written === undefined) return undefined;
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    throw reader.invalid('A text between quotes holds an escape that does not exist.');
  }
}

function unknownFilter(reader: PathReader) {
  return reader.unsupported(
    "A filter is [?@.name == 'value'] or [?@.name]; several filters are written one behind the other.",
  );
}

function notHere(reader: PathReader) {
  if (reader.done) return reader.invalid('The path ends where a name is needed.');
  return reader.unsupported(
    'A path is made of .name, [\'name\'], [0], [*], ..name and [?@.name == "value"]; slices, lists of names and functions cannot be used.',
  );
}
