import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MillraceError } from '@millrace/contract';
import type { MasterKey } from './envelope.ts';

/**
 * The instance's master key: 32 bytes, base64, in a file that only its owner may read; made at the first start.
 * @throws {MillraceError} `MASTER_KEY_INVALID` when the file holds something else
 */
export function loadMasterKey(file: string): MasterKey {
  const key = Buffer.from(readOrCreate(file).trim(), 'base64');
  if (key.length !== 32)
    throw new MillraceError('MASTER_KEY_INVALID', `${file} does not hold 32 bytes in base64.`, { category: 'auth' });
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 16), key };
}

function readOrCreate(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
