import { isBlobRef, isObject, type Json, readJson, writeJson } from '@millrace/contract';

/** A file or large value that is kept apart from the run's data. */
export interface Apart {
  readonly blob: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** The one key of what stands in place of a large value. */
const markerKey = '$payload';

/** What stands in place of a large value, or is a file; nothing where the value is there itself. */
export function apartOf(value: Json): Apart | undefined {
  const inner = isObject(value) && markerKey in value ? value[markerKey] : value;
  return isBlobRef(inner) ? inner : undefined;
}

/** A value as text to read, line by line. */
export function linesOf(value: Json): readonly string[] {
  return writeJson(value, 2).split('\n');
}

/** Stored content as text to read: JSON is set out in lines, anything else is shown as it is. */
export function linesOfContent(text: string, mediaType: string): readonly string[] {
  if (!/\bjson$/.test(mediaType)) return text.split(/\r?\n/);
  try {
    return linesOf(readJson(text));
  } catch {
    return text.split(/\r?\n/);
  }
}

/** Whether content can be read as text. */
export function isText(mediaType: string): boolean {
  return /^text\/|\b(json|xml|ndjson|javascript|edifact|x12|csv)\b/.test(mediaType);
}

/** Places of the lines that have the text in them, however it is written; none for no text. */
export function linesWith(lines: readonly string[], text: string): readonly number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return lines.flatMap((line, index) => (line.toLowerCase().includes(wanted) ? [index] : []));
}

/** `812 B`, `9.8 MB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}
