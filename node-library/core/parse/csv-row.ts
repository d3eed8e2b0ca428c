import { exact, type Json, MillraceError } from '@millrace/contract';
import type { CsvOptions } from './config.ts';

/** Longest number, in digits. */
const decimal = /^([+-]?)0*(\d{1,500}(?:\.\d{1,500})?)$/;

/**
 * How the values of a row become data.
 * @param first row of the document, with the names of the columns where it has a header
 * @throws {MillraceError} `CSV_INVALID` naming what is wrong with the header; the reader, with `details` about the value
 */
export function rowReader(options: CsvOptions, first: readonly string[]): (row: string[], line: number) => Json {
  const names = options.columns ?? (options.header === false ? undefined : headerNames(first));
  if (!names) return (row) => (options.numbers ? refuseNumbers() : row);
  const numbers = numberColumns(options, names);
  return (row, line) => {
    if (row.length !== names.length) throw unevenRow(line, row.length, names.length);
    return Object.fromEntries(
      row.flatMap((text, index) => {
        const value = numbers[index] ? numberOf(text, options, { line, name: names[index] as string }) : text;
        return value === undefined ? [] : [[names[index] as string, value]];
      }),
    );
  };
}

function headerNames(row: readonly string[]): readonly string[] {
  const at = row.findIndex((name, index) => name === '' || row.indexOf(name) !== index);
  if (at < 0) return row;
  const reason = row[at] === '' ? 'has no name' : `is called “${row[at]}”, as another one is`;
  throw new MillraceError('CSV_INVALID', `Column ${at + 1} ${reason}; name the columns yourself.`, {
    details: { line: 1, column: at + 1 },
  });
}

function refuseNumbers(): never {
  throw new MillraceError('CSV_INVALID', 'Without names no column can be told to hold numbers.', {
    pointer: '/config/csv/numbers',
  });
}

function numberColumns({ numbers = [] }: CsvOptions, names: readonly string[]): readonly boolean[] {
  const unknown = numbers.find((name) => !names.includes(name));
  if (unknown === undefined) return names.map((name) => numbers.includes(name));
  throw new MillraceError('CSV_INVALID', `There is no column “${unknown}”, which is to hold numbers.`, {
    pointer: '/config/csv/numbers',
  });
}

function unevenRow(line: number, has: number, needs: number): MillraceError {
  const message = `Line ${line} of the CSV: the row has ${has} values, and there are ${needs} columns.`;
  return new MillraceError('CSV_INVALID', message, { details: { line } });
}

function numberOf(
  written: string,
  { decimalComma = false }: CsvOptions,
  place: { line: number; name: string },
): Json | undefined {
  const text = written.trim();
  if (text === '') return undefined;
  const dotted = decimalComma ? text.replace(/^([^.,]*),([^.,]*)$/, '$1.$2') : text;
  const [, sign = '', digits] = (decimalComma && text.includes('.') ? undefined : decimal.exec(dotted)) ?? [];
  if (digits !== undefined) return exact(`${sign === '-' ? '-' : ''}${digits}`);
  throw new MillraceError(
    'CSV_INVALID',
    `Line ${place.line} of the CSV: the value of “${place.name}” is no number such as ${decimalComma ? '-12,50' : '-12.50'}.`,
    { details: { line: place.line, name: place.name } },
  );
}
