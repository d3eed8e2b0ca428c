import { resolve } from 'node:path';
import { durationMs } from '@millrace/contract';
import Type, { type Static, type TSchema } from 'typebox';

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

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Every setting by its name in `millrace.json`. */
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
    meaning: 'File with the key that encrypts the secrets of connections; made where it is missing.',
    fallback: ({ home }) => `${home}/master.key`,
    fallbackText: '<home>/master.key',
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
  lease: setting({
    variable: 'MILLRACE_LEASE',
    type: Type.String({ pattern: '^\\d+(ms|s|m|h)$' }),
    expects: 'a duration such as 10s',
    meaning: 'Time after which the runs of a process that died are taken over.',
    fallback: '10s',
  }),
  privateAddresses: setting({
    variable: 'MILLRACE_ALLOW_PRIVATE_ADDRESSES',
    type: Type.Enum(['none', 'loopback', 'all']),
    expects: 'one of none, loopback, all',
    meaning: 'Which addresses inside the own network flows may call.',
    fallback: 'loopback',
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
  readonly evaluators: number;
  readonly evaluationTimeoutMs: number;
  readonly leaseMs: number;
  readonly privateAddresses: 'none' | 'loopback' | 'all';
}

export type SettingName = keyof typeof settings;
/** A value for each setting, of the setting's type. */
export type SettingValues = { readonly [Name in SettingName]?: Static<(typeof settings)[Name]['type']> };

/** The settings as the program uses them: paths absolute (from `cwd`), durations in milliseconds. */
export function configOf(values: SettingValues, cwd: string): Config {
  const { databaseUrl, publicUrl, home, masterKeyFile, evaluationTimeout, lease, ...plain } =
    values as Required<SettingValues>;
  return {
    ...plain,
    home: resolve(cwd, home),
    masterKeyFile: resolve(cwd, masterKeyFile),
    evaluationTimeoutMs: durationMs(evaluationTimeout),
    leaseMs: durationMs(lease),
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/+$/, '') }),
  };
}
