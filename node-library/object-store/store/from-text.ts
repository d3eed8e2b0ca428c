import { resolve } from 'node:path';
import { MillraceError } from '@millrace/contract';
import { s3FromUrl } from '@millrace/object-storage';
import Value from 'typebox/value';
import { BucketConfig, FolderConfig, type StoreConfig } from './config.ts';

/**
 * A store from one line: a folder's path, or `s3://key:secret@bucket[/prefix][?endpoint=…][&region=…][&pathStyle=true]`.
 * @throws {MillraceError} `BAD_CONNECTION_TEXT` with the field that is wrong as its pointer; the text is not repeated
 *   because it may hold a secret
 */
export function storeFromText(text: string): StoreConfig {
  const trimmed = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined) return folderConfig(trimmed);
  if (scheme !== 's3') throw bad('/kind', `An object store is a folder or s3://…, not ${scheme}://….`);
  const { credentials, ...bucket } = s3FromUrl(trimmed);
  if (!credentials) throw bad('/accessKeyId', 'Add the credentials: s3://key:secret@bucket. A “/” in them is %2F.');
  return checked({ kind: 's3', ...bucket, ...credentials });
}

export function folderConfig(path: string): StoreConfig {
  return checked({ kind: 'folder', folder: resolve(path) });
}

function checked(config: StoreConfig): StoreConfig {
  const [problem] = Value.Errors(config.kind === 's3' ? BucketConfig : FolderConfig, config);
  if (!problem) return config;
  throw bad(problem.instancePath, `“${problem.instancePath.slice(1)}” ${problem.message}.`);
}

function bad(pointer: string, message: string): MillraceError {
  return new MillraceError('BAD_CONNECTION_TEXT', message, { pointer });
}
