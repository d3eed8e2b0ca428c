import { type Blobs, isObject, type Json, MillraceError } from '@millrace/contract';
import { namesOf } from '@millrace/mapping';
import { stringify } from 'csv-stringify/sync';
import { itemsOf } from '../list/items.ts';
import type { CsvOptions } from './config.ts';
import { cellText } from './csv-cell.ts';

interface Column {
  readonly header: string;
  /** Names from the row on. */
  readonly path: readonly string[];
}

/** Rows that are written at once. */
const batchSize = 500;

/**
 * A CSV document (RFC 4180) in pieces. The columns are the same for every row: those named, else every field that some
 * row has; a file that holds the list is read a second time for that.
 * @throws {MillraceError} `CSV_ROW`, `CSV_CELL` with the pointer to the place in the list, `CSV_COLUMN`, `NOT_A_LIST`
 */
export async function* csvPieces(data: Json, options: CsvOptions, blobs: Blobs): AsyncGenerator<string> {
  const columns = options.columns ? options.columns.map(named) : await fieldsOf(itemsOf(data, blobs));
  const write = writerOf(options, columns.length);
  let batch: string[][] = options.header === false ? [] : [columns.map(({ header }) => header)];
  let index = 0;
  for await (const row of itemsOf(data, blobs)) {
    batch.push(cellsOf(row, columns, options, `/${index}`));
    index += 1;
    if (batch.length < batchSize) continue;
    yield write(batch);
    batch = [];
  }
  if (columns.length > 0) yield write(batch);
}

function named({ from, header = from }: { from: string; header?: string }, index: number): Column {
  const path = namesOf(from);
  if (path) return { header, path };
  throw new MillraceError('CSV_COLUMN', `“${from}” is no place of a value: names joined by dots.`, {
    pointer: `/config/csv/columns/${index}/from`,
  });
}

async function fieldsOf(rows: AsyncIterable<Json> | Iterable<Json>): Promise<Column[]> {
  const names = new Set<string>();
  let index = 0;
  for await (const row of rows) {
    if (!isObject(row)) throw noRow(`/${index}`);
    for (const name of Object.keys(row)) names.add(name);
    index += 1;
  }
  return [...names].map((name) => ({ header: name, path: [name] }));
}

function cellsOf(row: Json, columns: readonly Column[], options: CsvOptions, place: string): string[] {
  if (!isObject(row)) throw noRow(place);
  return columns.map(({ path }) => {
    const pointer = path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return cellText(valueAt(row, path), options, place + pointer);
  });
}

function valueAt(row: Json, path: readonly string[]): Json | undefined {
  let value: Json | undefined = row;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function noRow(pointer: string): MillraceError {
  return new MillraceError('CSV_ROW', 'A row is an object with a field for each column; this is other data.', {
    pointer,
  });
}

function writerOf({ delimiter = ',', quote, lineEnding }: CsvOptions, columns: number): (rows: string[][]) => string {
  const options = {
    delimiter,
    quoted: quote === 'all',
    record_delimiter: lineEnding === 'crlf' ? '\r\n' : '\n',
    quote_record_delimiter: true,
    // A row of one empty value would be an empty line, which readers leave out.
    quoted_empty: columns === 1,
  };
  return (rows) => stringify(rows, options);
}
