import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MillraceError } from '@millrace/contract';
import Value from 'typebox/value';
import { type DropzoneConfig, SftpConfig } from './config.ts';

/**
 * A dropzone from one line: a folder's path, or
 * `sftp://user[:password]@host[:port]/path?hostKey=SHA256:…[&privateKeyFile=…][&passphrase=…][&outFolder=…]`.
 * The private key is read from its file at once.
 * @throws {MillraceError} `BAD_CONNECTION_TEXT` with the field that is wrong as its pointer; the text is not repeated
 *   because it may hold a password
 */
export function dropzoneFromText(text: string): DropzoneConfig {
  const trimmed = text.trim();
  if (trimmed === '') throw bad('', 'Give a folder, or sftp://user@host/path?hostKey=SHA256:….');
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: 'folder', path: resolve(trimmed) };
  if (scheme !== 'sftp') throw bad('/kind', `A dropzone is a folder or sftp://…, not ${scheme}://….`);
  return checked(sftpFrom(trimmed));
}

const knownOptions = new Set(['hostKey', 'privateKeyFile', 'passphrase', 'outFolder']);

function sftpFrom(text: string): SftpConfig {
  const url = urlOf(text);
  const option = optionsOf(url);
  const password = decoded(url.password, '/password');
  const keyFile = option('privateKeyFile');
  return {
    kind: 'sftp',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 22 : Number(url.port),
    username: decoded(url.username, '/username'),
    ...(password !== '' && { password }),
    ...(keyFile !== undefined && { privateKey: readKey(keyFile) }),
    ...present('passphrase', option('passphrase')),
    // In a query “+” stands for a blank, and a fingerprint has “+” but never a blank.
    hostKey: (option('hostKey') ?? '').replaceAll(' ', '+'),
    path: decoded(url.pathname, '/path'),
    ...present('outFolder', option('outFolder')),
  };
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url === null || url.hostname === '') throw bad('/host', 'The text is no sftp:// address with a host.');
  return url;
}

function optionsOf(url: URL): (name: string) => string | undefined {
  for (const name of url.searchParams.keys()) {
    if (!knownOptions.has(name))
      throw bad(`/${name}`, `There is no option “${name}”; known: ${[...knownOptions].join(', ')}.`);
  }
  return (name) => url.searchParams.get(name) ?? undefined;
}

function present<K extends string>(name: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: string });
}

function decoded(part: string, pointer: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw bad(pointer, 'This part holds a “%” that is no percent-encoding; write it as %25.');
  }
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw bad('/privateKey', `The private key file ${file} cannot be read.`, cause);
  }
}

const needs: Readonly<Record<string, string>> = {
  '/hostKey':
    'Add ?hostKey=SHA256:… with the fingerprint of the server’s host key (43 characters, as ssh-keygen -lf prints it).',
  '/username': 'Add the user’s name: sftp://user@host/….',
  '/outFolder': 'outFolder is the plain name of one folder, or “.”.',
};

function checked(config: SftpConfig): SftpConfig {
  const problem = Value.Errors(SftpConfig, config)[0];
  if (problem === undefined) return config;
  const pointer = problem.instancePath;
  throw bad(pointer, needs[pointer] ?? `“${pointer.slice(1)}” ${problem.message}.`);
}

function bad(pointer: string, message: string, cause?: unknown): MillraceError {
  return new MillraceError('BAD_CONNECTION_TEXT', message, { pointer, cause });
}
