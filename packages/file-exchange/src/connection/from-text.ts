import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MillraceError } from '@millrace/contract';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import type { SftpConfig } from './config.ts';

/** What a connection type that builds on this one has besides: its config, and options of the address that are its fields. */
export interface TextForm<C extends TSchema> {
  readonly config: C;
  /** Further options after the `?`, each with the sentence that a wrong value is answered with. */
  readonly options: Readonly<Record<string, string>>;
}

/**
 * A shared folder from one line: a folder's path, or
 * `sftp://user[:password]@host[:port]/path?hostKey=SHA256:…[&privateKeyFile=…][&passphrase=…][&<further option>=…]`.
 * The private key is read from its file at once.
 * @throws {MillraceError} `BAD_CONNECTION_TEXT` with the field that is wrong as its pointer; the text is not repeated
 *   because it may hold a password
 */
export function exchangeFromText<C extends TSchema>(text: string, form: TextForm<C>): Static<C> {
  const trimmed = text.trim();
  if (trimmed === '') throw bad('', 'Give a folder, or sftp://user@host/path?hostKey=SHA256:….');
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined) return checked({ kind: 'folder', path: resolve(trimmed) }, form);
  if (scheme !== 'sftp') throw bad('/kind', `The place is a folder or sftp://…, not ${scheme}://….`);
  return checked(sftpFrom(trimmed, Object.keys(form.options)), form);
}

const ownOptions = ['hostKey', 'privateKeyFile', 'passphrase'];

function sftpFrom(text: string, furtherOptions: readonly string[]): SftpConfig {
  const url = urlOf(text);
  const option = optionsOf(url, [...ownOptions, ...furtherOptions]);
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
    ...Object.assign({}, ...furtherOptions.map((name) => present(name, option(name)))),
  };
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url === null || url.hostname === '') throw bad('/host', 'The text is no sftp:// address with a host.');
  return url;
}

function optionsOf(url: URL, known: readonly string[]): (name: string) => string | undefined {
  for (const name of url.searchParams.keys()) {
    if (!known.includes(name)) throw bad(`/${name}`, `There is no option “${name}”; known: ${known.join(', ')}.`);
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
  hostKey:
    'Add ?hostKey=SHA256:… with the fingerprint of the server’s host key (43 characters, as ssh-keygen -lf prints it).',
  username: 'Add the user’s name: sftp://user@host/….',
};

function checked<C extends TSchema>(
  config: { readonly kind: string; readonly path: string },
  { config: schema, options }: TextForm<C>,
): Static<C> {
  if (Value.Check(schema, config)) return config;
  // Of a union only the branch of this kind is of interest.
  const branches = (schema as { anyOf?: TSchema[] }).anyOf ?? [schema];
  const branch = branches.find(
    ({ properties }: { properties?: { kind?: { const?: unknown } } }) => properties?.kind?.const === config.kind,
  );
  const problem = Value.Errors(branch ?? schema, config)[0];
  const field = problem?.instancePath.slice(1) ?? '';
  throw bad(`/${field}`, needs[field] ?? options[field] ?? `“${field}” ${problem?.message ?? 'is wrong'}.`);
}

function bad(pointer: string, message: string, cause?: unknown): MillraceError {
  return new MillraceError('BAD_CONNECTION_TEXT', message, { pointer, cause });
}
