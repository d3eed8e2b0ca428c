import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MillraceError } from '@millrace/contract';

/**
 * Keys of an instance as a file: in base64, a line each, the one that seals first. Only its owner may read it.
 * @throws {MillraceError} `MASTER_KEY_INVALID` where it cannot be read
 */
export function fileKeys(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MillraceError('MASTER_KEY_INVALID', `The master key file ${file} cannot be read.`, {
      category: 'auth',
      cause,
    });
  }
}

/** Makes the file with a new key, unless it is there. */
export function ensureKeyFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, newLine(), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Puts a new key before those that are there; who reads the file meanwhile sees it without or with the new one. */
export function putNewKey(file: string): void {
  const next = `${file}.next`;
  rmSync(next, { force: true });
  writeFileSync(next, newLine() + fileKeys(file), { mode: 0o600, flag: 'wx', flush: true });
  renameSync(next, file);
}

function newLine(): string {
  return `${randomBytes(32).toString('base64')}\n`;
}
