import { type Json, MillraceError, readJson, writeJson } from '@millrace/contract';

/** A list's media type: one JSON value a line. */
export const listType = 'application/x-ndjson';
/** One item is held in memory whole. */
const maxLineBytes = 64 * 1024 * 1024;
const newline = 0x0a;

/** Items as lines, gathered into pieces that are worth a write. */
export async function* linesOf(items: AsyncIterable<Json> | Iterable<Json>): AsyncGenerator<Uint8Array> {
  let gathered = '';
  for await (const item of items) {
    gathered += `${writeJson(item)}\n`;
    if (gathered.length < 65_536) continue;
    yield Buffer.from(gathered);
    gathered = '';
  }
  if (gathered !== '') yield Buffer.from(gathered);
}

/**
 * The items of lines; the last one need not end with a line feed.
 * @param first number of the first line, for errors; `skip` lines from there on are passed over unread
 * @throws {MillraceError} `BLOB_LINE_INVALID`
 */
export async function* itemsOf(
  content: AsyncIterable<Uint8Array>,
  { name, first, skip }: { name: string; first: number; skip: number },
): AsyncGenerator<Json> {
  let number = first;
  for await (const line of splitLines(content, name)) {
    if (number >= first + skip) yield itemOf(line, name, number);
    number++;
  }
}

function itemOf(line: Buffer, name: string, number: number): Json {
  try {
    return readJson(line.toString());
  } catch {
    throw invalid(`Item ${number} of the list “${name}” is not JSON.`);
  }
}

async function* splitLines(content: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Buffer> {
  let open: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    let begin = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, begin)) {
      yield Buffer.concat([...open, chunk.subarray(begin, end)]);
      open = [];
      length = 0;
      begin = end + 1;
    }
    open.push(chunk.subarray(begin));
    length += chunk.length - begin;
    if (length > maxLineBytes) throw invalid(`An item of the list “${name}” is larger than ${maxLineBytes} bytes.`);
  }
  if (length > 0) yield Buffer.concat(open);
}

function invalid(message: string): MillraceError {
  return new MillraceError('BLOB_LINE_INVALID', message);
}
