import { pipeline } from 'node:stream';
import { type Json, MillraceError } from '@millrace/contract';
import { CsvError, type Options, Parser } from 'csv-parse';
import type { CsvOptions } from './config.ts';
import { rowReader } from './csv-row.ts';

/** Longest row, in characters; a longer one comes of a wrong delimiter or a quote that is not closed. */
const maxRow = 1024 * 1024;

/**
 * The rows of a CSV document (RFC 4180), read one by one: objects by the names of the columns, or lists.
 * @throws {MillraceError} `CSV_INVALID` with `details.line` and where it is known `details.column` (of values, from 1)
 */
export async function* csvRows(text: AsyncIterable<string>, options: CsvOptions): AsyncGenerator<Json> {
  const parser = new Parser(parserOptions(options));
  const rows: AsyncIterable<{ record: string[]; info: { lines: number } }> = pipeline(text, parser, () => undefined);
  let read: ReturnType<typeof rowReader> | undefined;
  try {
    for await (const { record, info } of rows) {
      if (read) yield read(record, info.lines);
      else {
        read = rowReader(options, record);
        if (options.header === false) yield read(record, info.lines);
      }
    }
  } catch (thrown) {
    throw thrown instanceof CsvError ? invalid(thrown) : thrown;
  }
}

function parserOptions({ delimiter = ',', quote = '"', trim = false }: CsvOptions): Options {
  const mark = quote === 'none' ? null : quote;
  return {
    delimiter,
    quote: mark,
    escape: mark,
    trim,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    max_record_size: maxRow,
    info: true,
  };
}

/** The parser's own sentences quote the values. */
const reasons: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'a quoted value goes on behind its closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'a quoted value goes on behind its closing quote',
  INVALID_OPENING_QUOTE: 'there is a quote inside a value that is not quoted',
  CSV_QUOTE_NOT_CLOSED: 'a quoted value is never closed',
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'the row has more or fewer values than the rows before',
  CSV_MAX_RECORD_SIZE: `a row is longer than ${maxRow} characters, so the delimiter or the quote may be another`,
};

function invalid(error: CsvError): MillraceError {
  const line = typeof error.lines === 'number' ? error.lines : 1;
  const reason = reasons[error.code] ?? 'the row cannot be read';
  const details = { line, ...(typeof error.index === 'number' && { column: error.index + 1 }) };
  return new MillraceError('CSV_INVALID', `Line ${line} of the CSV: ${reason}.`, { details, cause: error });
}
