import { ExactNumber, type Json, MillraceError, writeJson } from '@millrace/contract';
import type { CsvOptions } from './config.ts';
import { plainDecimal } from './plain-decimal.ts';

/** What spreadsheets take for the beginning of a formula, full-width forms among it (OWASP, CSV Injection). */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const decimal = /^[+-]?\d+(?:[.,]\d+)?$/;

/**
 * A value as the text of a cell; a missing one is empty.
 * @param place JSON Pointer of the value in the list
 * @throws {MillraceError} `CSV_CELL` for a list, an object or a number that is too long, with the pointer
 */
export function cellText(value: Json | undefined, options: CsvOptions, place: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return options.guardFormulas && isFormula(value) ? `'${value}` : value;
  if (typeof value === 'boolean') return String(value);
  const number = typeof value === 'number' || value instanceof ExactNumber ? plainDecimal(writeJson(value)) : undefined;
  if (number === undefined)
    throw new MillraceError('CSV_CELL', 'A cell holds a text, a number, true or false, and no other data.', {
      pointer: place,
    });
  return options.decimalComma ? number.replace('.', ',') : number;
}

function isFormula(text: string): boolean {
  return formula.test(text) && !decimal.test(text);
}
