import { type Json, MillraceError, readJson, writeJson } from '@millrace/contract';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { CodeEntry } from '../postgres/code-tables/code-tables.ts';

const columns = ['key', 'value', 'json', 'valid_from', 'valid_to'];
const longestKey = 200;

/**
 * Entries from CSV with a header: `key`, then `value` (text) or `json` (any other value), and where dated `valid_from` and
 * `valid_to`. The separator is a comma or semicolon, whichever the header uses.
 * @throws {MillraceError} `CSV_INVALID` with the line
 */
export function entriesFromCsv(text: string): CodeEntry[] {
  const delimiter = /^[^\n"]*;/.test(text) ? ';' : ',';
  return rowsOf(text, delimiter).map((row, index) => entryOf(row, index + 2));
}

function rowsOf(text: string, delimiter: string): Record<string, string>[] {
  try {
    return parse(text, { bom: true, columns: checkedHeader, delimiter, skip_empty_lines: true });
  } catch (thrown) {
    if (thrown instanceof MillraceError) throw thrown;
    const { lines } = thrown as { lines?: number };
    throw invalid(`The CSV cannot be read${lines === undefined ? '' : `, see line ${lines}`}.`);
  }
}

function checkedHeader(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !columns.includes(name));
  if (unknown !== undefined) throw invalid(`The column “${unknown}” is none of ${columns.join(', ')}.`);
  if (!names.includes('key') || !(names.includes('value') || names.includes('json')))
    throw invalid('The header needs “key”, and “value” or “json”.');
  return names;
}

function entryOf(row: Readonly<Record<string, string>>, line: number): CodeEntry {
  const { key = '', value = '', json = '', valid_from: from = '', valid_to: to = '' } = row;
  if (key === '' || key.length > longestKey) throw invalid(`Line ${line} has no key of 1 to ${longestKey} characters.`);
  return { key, value: json === '' ? value : valueIn(json, line), validFrom: from || null, validTo: to || null };
}

function valueIn(json: string, line: number): Json {
  try {
    return readJson(json);
  } catch {
    throw invalid(`The column “json” of line ${line} holds no JSON.`);
  }
}

function invalid(message: string): MillraceError {
  return new MillraceError('CSV_INVALID', message, { pointer: '/csv' });
}

/** As {@link entriesFromCsv} reads it. */
export function entriesToCsv(entries: readonly CodeEntry[]): string {
  const rows = entries.map(({ key, value, validFrom, validTo }) => {
    // An empty text would be read back as no value at all: as JSON it is seen.
    const isText = typeof value === 'string' && value !== '';
    return [key, isText ? value : '', isText ? '' : writeJson(value), validFrom ?? '', validTo ?? ''];
  });
  return stringify([columns, ...rows]);
}
