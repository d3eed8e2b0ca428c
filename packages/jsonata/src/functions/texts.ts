import type { Run } from '../run.ts';
import { lengthOf, sliceOf } from '../value/code-points.ts';
import { textOf } from '../value/text.ts';
import { define, type Functions } from './define.ts';

type Text = string | undefined;

export const texts: Functions = {
  string: define('<x-b?:s>', 1, string),
  length: define('<s-:n>', 1, (run, text: Text) => (text === undefined ? undefined : read(run, text, lengthOf(text)))),
  substring: define('<s-nn?:s>', 3, substring),
  substringBefore: define('<s-s:s>', 2, substringBefore),
  substringAfter: define('<s-s:s>', 2, substringAfter),
  lowercase: define('<s-:s>', 1, (run, text: Text) => (text === undefined ? undefined : made(run, text.toLowerCase()))),
  uppercase: define('<s-:s>', 1, (run, text: Text) => (text === undefined ? undefined : made(run, text.toUpperCase()))),
  trim: define('<s-:s>', 1, trim),
  pad: define('<s-ns?:s>', 3, pad),
  join: define('<a<s>s?:s>', 2, join),
};

function string(run: Run, value?: unknown, indented = false): Text {
  return value === undefined ? undefined : made(run, textOf(run, value, indented));
}

/** Charges for text that was made; only for functions whose result is no longer than what they are given. */
function made(run: Run, text: string): string {
  run.allocateText(text.length);
  return text;
}

function read<T>(run: Run, text: string, result: T): T {
  run.spend(1 + (text.length >> 4));
  return result;
}

function substring(run: Run, text: Text, start?: number, length?: number): Text {
  if (text === undefined) return undefined;
  if (start === undefined) return length === undefined ? text : '';
  run.spend(text.length >> 4);
  const size = lengthOf(text);
  const slice = size === text.length ? sliceOfUnits : sliceOf;
  const from = size + start < 0 ? 0 : start;
  if (length === undefined) return made(run, slice(text, from));
  if (length <= 0) return '';
  const end = from >= 0 ? from + length : size + from + length;
  return made(run, slice(text, from, end));
}

/** Where each UTF-16 unit is a character. */
function sliceOfUnits(text: string, from: number, to?: number): string {
  return text.slice(from, to);
}

function substringBefore(run: Run, text: Text, separator: Text): Text {
  if (text === undefined || separator === undefined) return text;
  run.spend(text.length >> 4);
  const at = text.indexOf(separator);
  return made(run, at < 0 ? text : text.slice(0, at));
}

function substringAfter(run: Run, text: Text, separator: Text): Text {
  if (text === undefined || separator === undefined) return text;
  run.spend(text.length >> 4);
  const at = text.indexOf(separator);
  return made(run, at < 0 ? text : text.slice(at + separator.length));
}

function trim(run: Run, text: Text): Text {
  if (text === undefined) return undefined;
  const narrow = text.replace(/[ \t\n\r]+/g, ' ');
  return made(run, narrow.replace(/^ | $/g, ''));
}

/** A negative width pads on the left. */
function pad(run: Run, text: Text, width = 0, characters: Text = ' '): Text {
  if (text === undefined) return undefined;
  const missing = Math.floor(Math.abs(width)) - lengthOf(text);
  if (!(missing > 0)) return text;
  const pattern = characters === '' ? ' ' : characters;
  run.allocateText(text.length + 2 * missing);
  const padding = sliceOf(pattern.repeat(Math.ceil(missing / lengthOf(pattern))), 0, missing);
  return width > 0 ? text + padding : padding + text;
}

function join(run: Run, list?: readonly string[], separator = ''): Text {
  if (list === undefined) return undefined;
  run.spend(list.length);
  let length = separator.length * list.length;
  for (const text of list) length += text.length;
  run.allocateText(length);
  return list.join(separator);
}
