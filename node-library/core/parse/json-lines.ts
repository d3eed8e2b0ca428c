import { type Json, MillraceError } from '@millrace/contract';
import { parseJson } from './json-text.ts';

/** Longest line, in characters. */
const maxLine = 1024 * 1024;

/** @throws {MillraceError} `ITEM_TOO_LARGE`, and what {@link parseJson} throws, with the line in the document */
export async function* jsonLines(text: AsyncIterable<string>): AsyncGenerator<Json> {
  let number = 0;
  for await (const line of linesOf(text)) {
    number += 1;
    if (line.trim() !== '') yield await parseJson(line, number);
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const slice of text) {
    const lines = (rest + slice).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > maxLine)
      throw new MillraceError('ITEM_TOO_LARGE', `A line is longer than ${maxLine} characters.`);
  }
  yield rest;
}
