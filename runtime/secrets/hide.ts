import { stdSerializers } from 'pino';

type Fields = Record<string, unknown>;

/** Names of fields that hold secrets, however they are written: `x-api-key`, `apiKey`, `API_KEY`. */
const secretName =
  /^(proxy)?authorization$|^(set)?cookies?$|pass(word|wd|phrase)|secret|token$|apikey|privatekey|accesskey|credential|signature|databaseurl|connectionstring|smtpurl/;
const deepest = 12;

/** A copy of the fields without those whose names say that they hold a secret, at any depth; errors as plain data. */
export function withoutSecrets(fields: object): Fields {
  return copy(fields, 0, new Set()) as Fields;
}

function copy(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (value instanceof Error) return copy({ ...stdSerializers.err(value) }, depth, above);
  if (typeof value !== 'object' || value === null || !isCopied(value)) return value;
  if (above.has(value)) return '(itself)';
  if (depth === deepest) return '(deeper)';
  const within = new Set(above).add(value);
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1, within));
  const entries = Object.entries(value).filter(([name]) => !isSecretName(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, copy(inner, depth + 1, within)]));
}

/** What says itself how it is written (dates, exact numbers) is left to do so. */
function isCopied(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON !== 'function';
}

/** Whether a field of the name holds a secret, as far as its name can tell. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.toLowerCase().replaceAll(/[^a-z]/g, ''));
}

/** What looks like a credential, wherever it stands in a text. The texts may be inside JSON, so that none goes past a quote. */
const credentials: readonly (readonly [pattern: RegExp, instead: string])[] = [
  // In an address: whatever stands before the last @ of the authority; of a database's or mail server's, before any.
  [/\b(https?:\/\/)[^\s"/?#\\]*@/gi, '$1[hidden]@'],
  [/\b((?!https?:)[a-z][a-z0-9+.-]*:\/\/)[^\s"]*@/gi, '$1[hidden]@'],
  [/\b(bearer|basic|digest)(\s+|%20)[^\s"',;\\]+/gi, '$1$2[hidden]'],
  [
    /([?&;\s"](?:[a-z0-9_.-]*(?:token|api[_-]?key|password|secret|signature|credential)|sig|key|code)=)[^&;\s"\\]+/gi,
    '$1[hidden]',
  ],
  [/\b(whsec_|mr_)[A-Za-z0-9+/=_-]{8,}/g, '$1[hidden]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?(-----END [A-Z ]*PRIVATE KEY-----|(?="))/g, '[hidden]'],
];

/** The text without credentials. */
export function hideInText(text: string): string {
  return credentials.reduce((hidden, [pattern, instead]) => hidden.replaceAll(pattern, instead), text);
}
