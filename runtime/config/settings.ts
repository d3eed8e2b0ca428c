/* Long because it is a table: every setting with its meaning, its form and what holds without it, in one place. */
import { resolve } from 'node:path';
import { durationMs, MillraceError } from '@millrace/contract';
import ipaddr from 'ipaddr.js';
import Type, { type Static, type TSchema } from 'typebox';
import type { MailServer } from '../alerts/send-mail.ts';
import { type Role, roles } from '../engine/engine.ts';
import type { HistorySettings } from '../history/settings.ts';
import { absolutePlace, placePattern } from '../payloads/place-setting.ts';

/** A setting says everything about itself in one place: reading, checking and `millrace config` come from this object. */
interface Setting<S extends TSchema = TSchema> {
  /** Environment variable. */
  readonly variable: string;
  readonly type: S;
  /** Completes “must be …”. */
  readonly expects: string;
  /** One sentence. */
  readonly meaning: string;
  /** Value where nothing is set; may follow from settings above it. Without it the setting may be absent. */
  readonly fallback?: Static<S> | ((settings: Values) => Static<S>);
  /** How `millrace config` tells of a fallback that is computed, or of absence. */
  readonly fallbackText?: string;
  /** Never shown. */
  readonly secret?: true;
}

type Values = Readonly<Record<string, unknown>>;

/** The identity function with the setting's type inferred. */
function setting<S extends TSchema>(definition: Setting<S>): Setting<S> {
  return definition;
}

const sizePattern = '^[1-9]\\d{0,8}(kB|MB|GB)$';
const bytesIn: Readonly<Record<string, number>> = { kB: 1000, MB: 1_000_000, GB: 1_000_000_000 };

/** Bytes of a size of the accepted form. */
function bytesOf(size: string): number {
  return Number.parseInt(size, 10) * (bytesIn[size.slice(-2)] as number);
}

/** Characters of addresses alone: names are not looked up, since whoever answers the look-up would be believed. */
const proxyListPattern = '^[0-9a-fA-F.:]+(/\\d{1,3})?(,[0-9a-fA-F.:]+(/\\d{1,3})?)*$';

/** Nothing is forgotten that is younger than a day. */
const daysPattern = '^[1-9]\\d{0,4}d$';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Every setting by its name in `millrace.json`. One list, long as it is: who runs an instance reads it from end to end. */
export const settings = {
  port: setting({
    variable: 'PORT',
    type: Type.Integer({ minimum: 0, maximum: 65_535 }),
    expects: 'a port number from 0 to 65535',
    meaning: 'TCP port of the studio, the API and the webhooks; 0 takes a free one.',
    fallback: 7400,
  }),
  host: setting({
    variable: 'HOST',
    type: Type.String({ minLength: 1 }),
    expects: 'an address of this machine',
    meaning: 'Address to listen on; 0.0.0.0 serves other machines.',
    fallback: '127.0.0.1',
  }),
  home: setting({
    variable: 'MILLRACE_HOME',
    type: Type.String({ minLength: 1 }),
    expects: 'a folder',
    meaning: 'Folder of the instance: master key, stored documents, the built-in PostgreSQL.',
    fallback: './.millrace',
  }),
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    type: Type.String({ pattern: '^postgres(ql)?://' }),
    expects: 'an address such as postgresql://user:password@host:5432/database',
    meaning: 'PostgreSQL 18 or newer to use; its role must not be a superuser.',
    fallbackText: '(the built-in PostgreSQL)',
    secret: true,
  }),
  publicUrl: setting({
    variable: 'MILLRACE_PUBLIC_URL',
    type: Type.String({ pattern: '^https?://[^/]+(/.*)?$' }),
    expects: 'an address such as https://millrace.example.com',
    meaning: 'How others reach this instance, as it stands in links and webhook addresses.',
    fallbackText: '(where it listens)',
  }),
  logLevel: setting({
    variable: 'MILLRACE_LOG_LEVEL',
    type: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    expects: 'one of trace, debug, info, warn, error, silent',
    meaning: 'How much is logged.',
    fallback: 'info',
  }),
  demo: setting({
    variable: 'MILLRACE_DEMO',
    type: Type.Boolean(),
    expects: 'true or false',
    meaning: 'Whether `npm start` sets up the demo tenant and sends its sample order.',
    fallback: ({ databaseUrl, host }) => databaseUrl === undefined && loopback.has(String(host)),
    fallbackText: 'true with the built-in PostgreSQL on a loopback address, otherwise false',
  }),
  masterKeyFile: setting({
    variable: 'MILLRACE_MASTER_KEY_FILE',
    type: Type.String({ minLength: 1 }),
    expects: 'a file',
    meaning:
      'File with the keys that encrypt the secrets of connections, a line each, the one in use first; made where it is missing.',
    fallback: ({ home }) => `${home}/master.key`,
    fallbackText: '<home>/master.key',
  }),
  masterKey: setting({
    variable: 'MILLRACE_MASTER_KEY',
    type: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=(\\s*,\\s*[A-Za-z0-9+/]{43}=)*$' }),
    expects: 'keys of 32 bytes in base64, separated by commas',
    meaning: 'The keys themselves, the one in use first, in place of the file.',
    fallbackText: '(those of the file)',
    secret: true,
  }),
  masterKeyCommand: setting({
    variable: 'MILLRACE_MASTER_KEY_COMMAND',
    type: Type.String({ minLength: 1 }),
    expects: 'a command',
    meaning: 'Command that prints the keys, a line each, the one in use first, in place of the file.',
    fallbackText: '(those of the file)',
  }),
  databaseConnections: setting({
    variable: 'MILLRACE_DATABASE_CONNECTIONS',
    type: Type.Integer({ minimum: 2, maximum: 1_000 }),
    expects: 'a number from 2 to 1000',
    meaning:
      'Connections to the database that this process opens at most for its work; a few more serve leases, notices and sign-in.',
    fallback: 10,
  }),
  evaluators: setting({
    variable: 'MILLRACE_EVALUATORS',
    type: Type.Integer({ minimum: 1, maximum: 256 }),
    expects: 'a number from 1 to 256',
    meaning: 'Number of processes that evaluate expressions and schemas.',
    fallback: 2,
  }),
  evaluationTimeout: setting({
    variable: 'MILLRACE_EVALUATION_TIMEOUT',
    type: Type.String({ pattern: '^\\d+(ms|s|m|h)$' }),
    expects: 'a duration such as 2s',
    meaning: 'Longest that one evaluation may take before its process is killed.',
    fallback: '2s',
  }),
  testSuites: setting({
    variable: 'MILLRACE_TEST_SUITES',
    type: Type.Integer({ minimum: 1, maximum: 64 }),
    expects: 'a number from 1 to 64',
    meaning: 'How many flows are tested at once, each in a process of its own; of one tenant never two.',
    fallback: 1,
  }),
  testTimeout: setting({
    variable: 'MILLRACE_TEST_TIMEOUT',
    type: Type.String({ pattern: '^\\d+(ms|s|m|h)$' }),
    expects: 'a duration such as 2m',
    meaning: 'Longest that the tests of one flow may take before their process is killed.',
    fallback: '2m',
  }),
  lease: setting({
    variable: 'MILLRACE_LEASE',
    type: Type.String({ pattern: '^\\d+(ms|s|m|h)$' }),
    expects: 'a duration such as 10s',
    meaning: 'Time after which the runs of a process that died are taken over.',
    fallback: '10s',
  }),
  roles: setting({
    variable: 'MILLRACE_ROLES',
    type: Type.String({ pattern: `^(${roles.join('|')})(,(${roles.join('|')}))*$` }),
    expects: `one or more of ${roles.join(', ')}, with commas between`,
    meaning: 'What this process does: serve the API, work on runs, fire timers, watch folders and servers.',
    fallback: roles.join(','),
  }),
  places: setting({
    variable: 'MILLRACE_RUNS_AT_ONCE',
    type: Type.Integer({ minimum: 1, maximum: 10_000 }),
    expects: 'a number from 1 to 10000',
    meaning: 'Number of runs that this process works on at once; others stay in the database until there is a place.',
    fallback: 128,
  }),
  payloads: setting({
    variable: 'MILLRACE_PAYLOADS',
    type: Type.String({ pattern: placePattern }),
    expects: 'database, folder:<path>, or s3://bucket/prefix?endpoint=…&region=…&pathStyle=true without credentials',
    meaning: 'Where files, long lists and large values of runs are kept; those of before stay where they are.',
    fallback: 'database',
    // It holds none, but whoever writes credentials into it by mistake must not find them in a log.
    secret: true,
  }),
  payloadLimit: setting({
    variable: 'MILLRACE_PAYLOAD_LIMIT',
    type: Type.String({ pattern: sizePattern }),
    expects: 'a size such as 256MB or 5GB',
    meaning: 'Largest file that a run may keep.',
    fallback: ({ payloads }) => (payloads === 'database' ? '256MB' : '5GB'),
    fallbackText: '256MB in the database, otherwise 5GB',
  }),
  tlsCert: setting({
    variable: 'MILLRACE_TLS_CERT',
    type: Type.String({ minLength: 1 }),
    expects: 'a file',
    meaning: 'PEM file with the certificate chain; with it HTTPS is served. It is read again when it changes.',
    fallbackText: '(HTTP without encryption)',
  }),
  tlsKey: setting({
    variable: 'MILLRACE_TLS_KEY',
    type: Type.String({ minLength: 1 }),
    expects: 'a file',
    meaning: 'PEM file with the private key of the certificate; it is read again when it changes.',
    fallbackText: '(HTTP without encryption)',
  }),
  trustedProxies: setting({
    variable: 'MILLRACE_TRUSTED_PROXIES',
    type: Type.String({ pattern: proxyListPattern }),
    expects: 'addresses or networks such as 10.0.0.5,10.1.0.0/16, with commas between',
    meaning: 'Proxies in front of this instance: what they say of the caller in X-Forwarded-… is believed.',
    fallbackText: '(nobody is believed)',
  }),
  privateAddresses: setting({
    variable: 'MILLRACE_ALLOW_PRIVATE_ADDRESSES',
    type: Type.Enum(['none', 'loopback', 'all']),
    expects: 'one of none, loopback, all',
    meaning: 'Which addresses inside the own network flows may call.',
    fallback: 'loopback',
  }),
  archiveAfter: setting({
    variable: 'MILLRACE_ARCHIVE_AFTER',
    type: Type.String({ pattern: '^\\d+(ms|s|m|h)$' }),
    expects: 'a duration such as 5m',
    meaning: 'Time after which a run that is over moves from the live tables into the history.',
    fallback: '5m',
  }),
  keepShort: setting({
    variable: 'MILLRACE_KEEP_SHORT',
    type: Type.String({ pattern: daysPattern }),
    expects: 'a number of days such as 7d',
    meaning: 'How long the runs of flows with the retention “short” are kept.',
    fallback: '7d',
  }),
  keepNormal: setting({
    variable: 'MILLRACE_KEEP_NORMAL',
    type: Type.String({ pattern: daysPattern }),
    expects: 'a number of days such as 90d',
    meaning: 'How long the runs of flows with the retention “normal” are kept.',
    fallback: '90d',
  }),
  keepLong: setting({
    variable: 'MILLRACE_KEEP_LONG',
    type: Type.String({ pattern: daysPattern }),
    expects: 'a number of days such as 400d',
    meaning: 'How long the runs of flows with the retention “long” are kept.',
    fallback: '400d',
  }),
  keepEvents: setting({
    variable: 'MILLRACE_KEEP_EVENTS',
    type: Type.String({ pattern: daysPattern }),
    expects: 'a number of days such as 30d',
    meaning: 'How long the ids of events are remembered, so that the same event again starts no second run.',
    fallback: '30d',
  }),
  keepSignals: setting({
    variable: 'MILLRACE_KEEP_SIGNALS',
    type: Type.String({ pattern: daysPattern }),
    expects: 'a number of days such as 30d',
    meaning: 'How long signals are kept that no run has taken.',
    fallback: '30d',
  }),
  smtpUrl: setting({
    variable: 'MILLRACE_SMTP_URL',
    type: Type.String({ pattern: '^smtps?://[^/?#]+$' }),
    expects: 'an address such as smtp://user:password@mail.example.com:587',
    meaning: 'Mail server that takes the alerts; smtps:// is encrypted from the first byte.',
    fallbackText: '(no alerts by e-mail)',
    secret: true,
  }),
  mailFrom: setting({
    variable: 'MILLRACE_MAIL_FROM',
    type: Type.String({ pattern: '^[^\\r\\n]*@[^\\r\\n]+$' }),
    expects: 'an address such as Millrace <millrace@example.com>',
    meaning: 'Sender of alerts by e-mail.',
    fallback: 'Millrace <millrace@localhost>',
  }),
  metricsToken: setting({
    variable: 'MILLRACE_METRICS_TOKEN',
    type: Type.String({ pattern: '^[\\x21-\\x7e]{16,}$' }),
    expects: 'at least 16 printable characters without spaces',
    meaning: 'Whoever shows this token may read /metrics from elsewhere; without it this machine alone may.',
    fallbackText: '(this machine alone)',
    secret: true,
  }),
};

/** What an instance runs with. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly home: string;
  /** Absent: the built-in PostgreSQL. */
  readonly databaseUrl?: string;
  /** Absent: the address it listens on. No slash at the end. */
  readonly publicUrl?: string;
  readonly logLevel: string;
  readonly demo: boolean;
  /** Absolute. */
  readonly masterKeyFile: string;
  /** In place of the file. */
  readonly masterKey?: string;
  /** In place of the file. */
  readonly masterKeyCommand?: string;
  /** Connections for the engine's work. */
  readonly databaseConnections: number;
  readonly evaluators: number;
  readonly evaluationTimeoutMs: number;
  /** Flows that are tested at once. */
  readonly testSuites: number;
  readonly testTimeoutMs: number;
  readonly leaseMs: number;
  readonly roles: readonly Role[];
  /** Runs that the process works on at once. */
  readonly places: number;
  /** Where payloads are kept, a folder's path being absolute. */
  readonly payloads: string;
  /** Bytes of the largest payload. */
  readonly payloadLimit: number;
  readonly privateAddresses: 'none' | 'loopback' | 'all';
  /** Absent: HTTP without encryption. */
  readonly tls?: TlsFiles;
  /** Addresses and networks; absent: nobody is believed. */
  readonly trustedProxies?: readonly string[];
  readonly history: HistorySettings;
  /** Absent: no alerts by e-mail. */
  readonly mailServer?: MailServer;
  /** Absent: metrics are for this machine alone. */
  readonly metricsToken?: string;
}

/** Absolute paths of PEM files. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export type SettingName = keyof typeof settings;
/** A value for each setting, of the setting's type. */
export type SettingValues = { readonly [Name in SettingName]?: Static<(typeof settings)[Name]['type']> };

/** The settings as the program uses them: paths absolute (from `cwd`), durations in milliseconds. */
export function configOf(values: SettingValues, cwd: string): Config {
  const {
    databaseUrl,
    publicUrl,
    home,
    masterKeyFile,
    masterKey,
    masterKeyCommand,
    evaluationTimeout,
    testTimeout,
    lease,
    roles: does,
    payloads,
    payloadLimit,
    tlsCert,
    tlsKey,
    trustedProxies,
    archiveAfter,
    keepShort,
    keepNormal,
    keepLong,
    keepEvents,
    keepSignals,
    smtpUrl,
    mailFrom,
    metricsToken,
    ...plain
  } = values as Required<SettingValues>;
  return {
    ...plain,
    home: resolve(cwd, home),
    masterKeyFile: resolve(cwd, masterKeyFile),
    ...keysInstead(masterKey, masterKeyCommand),
    evaluationTimeoutMs: durationMs(evaluationTimeout),
    testTimeoutMs: durationMs(testTimeout),
    leaseMs: durationMs(lease),
    roles: does.split(',') as Role[],
    payloads: absolutePlace(payloads, cwd),
    payloadLimit: bytesOf(payloadLimit),
    ...tlsOf(tlsCert, tlsKey, cwd),
    ...(trustedProxies !== undefined && { trustedProxies: trustedProxies.split(',').map(addressOrNetwork) }),
    history: {
      archiveAfterMs: durationMs(archiveAfter),
      keepMs: { short: durationMs(keepShort), normal: durationMs(keepNormal), long: durationMs(keepLong) },
      keepEventsMs: durationMs(keepEvents),
      keepSignalsMs: durationMs(keepSignals),
    },
    ...(smtpUrl !== undefined && { mailServer: { url: smtpUrl, from: mailFrom } }),
    ...(metricsToken !== undefined && { metricsToken }),
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/+$/, '') }),
  };
}

function tlsOf(cert: string | undefined, key: string | undefined, cwd: string): { tls?: TlsFiles } {
  if (cert === undefined && key === undefined) return {};
  if (cert !== undefined && key !== undefined) return { tls: { cert: resolve(cwd, cert), key: resolve(cwd, key) } };
  const [present, missing] = cert === undefined ? (['tlsKey', 'tlsCert'] as const) : (['tlsCert', 'tlsKey'] as const);
  const message = `${settings[present].variable} needs ${settings[missing].variable} beside it.`;
  throw new MillraceError('CONFIG_INVALID', message, { pointer: `/${missing}` });
}

function keysInstead(
  masterKey: string | undefined,
  masterKeyCommand: string | undefined,
): Pick<Config, 'masterKey' | 'masterKeyCommand'> {
  if (masterKey !== undefined && masterKeyCommand !== undefined)
    throw new MillraceError('CONFIG_INVALID', 'Set either MILLRACE_MASTER_KEY or MILLRACE_MASTER_KEY_COMMAND.', {
      pointer: '/masterKey',
    });
  return { ...(masterKey !== undefined && { masterKey }), ...(masterKeyCommand !== undefined && { masterKeyCommand }) };
}

function addressOrNetwork(text: string): string {
  if (ipaddr.isValid(text) || ipaddr.isValidCIDR(text)) return text;
  const message = `MILLRACE_TRUSTED_PROXIES must be addresses or networks, and “${text}” is neither.`;
  throw new MillraceError('CONFIG_INVALID', message, { pointer: '/trustedProxies' });
}
