import { readFileSync } from 'node:fs';
import { type Json, MillraceError, readJson } from '@millrace/contract';

/** Text of a file that the user has named; `-` is standard input. @throws {MillraceError} `FILE_UNREADABLE` */
export function readNamedFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new MillraceError('FILE_UNREADABLE', `${file} cannot be read.`, { cause });
  }
}

/** As {@link readNamedFile}, as JSON. @throws {MillraceError} `FILE_UNREADABLE`, `BAD_JSON` */
export function readJsonFile(file: string): Json {
  const text = readNamedFile(file);
  try {
    return readJson(text);
  } catch (cause) {
    throw new MillraceError('BAD_JSON', `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
