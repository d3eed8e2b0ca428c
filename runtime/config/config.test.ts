import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { describeConfig } from './describe.ts';
import { type Environment, loadConfig } from './load.ts';

function folderWith(file?: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-config-'));
  if (file !== undefined) writeFileSync(join(folder, 'millrace.json'), JSON.stringify(file));
  return folder;
}

function refusal(env: Environment, cwd: string): MillraceError {
  try {
    loadConfig(env, cwd);
  } catch (error) {
    if (error instanceof MillraceError) return error;
  }
  throw new Error('It was not refused.');
}

describe('the settings of an instance', () => {
  test('nothing set: the defaults, with paths from the working directory', () => {
    const cwd = folderWith();
    expect(loadConfig({}, cwd)).toEqual({
      port: 7400,
      host: '127.0.0.1',
      home: join(cwd, '.millrace'),
      logLevel: 'info',
      demo: true,
      masterKeyFile: join(cwd, '.millrace', 'master.key'),
      databaseConnections: 10,
      evaluators: 2,
      evaluationTimeoutMs: 2000,
      testSuites: 1,
      testTimeoutMs: 120_000,
      leaseMs: 10_000,
      places: 128,
      roles: ['api', 'worker', 'timer', 'watcher'],
      payloads: 'database',
      payloadLimit: 256_000_000,
      privateAddresses: 'loopback',
      history: {
        archiveAfterMs: 300_000,
        keepMs: { short: 604_800_000, normal: 7_776_000_000, long: 34_560_000_000 },
        keepEventsMs: 2_592_000_000,
        keepSignalsMs: 2_592_000_000,
      },
    });
  });

  test('payloads elsewhere may be larger; a folder is told by its absolute path', () => {
    const cwd = folderWith();
    const folder = loadConfig({ MILLRACE_PAYLOADS: 'folder:files' }, cwd);
    expect(folder).toMatchObject({ payloads: `folder:${join(cwd, 'files')}`, payloadLimit: 5_000_000_000 });
    const limited = loadConfig({ MILLRACE_PAYLOADS: 's3://bucket/a', MILLRACE_PAYLOAD_LIMIT: '12kB' }, cwd);
    expect(limited).toMatchObject({ payloads: 's3://bucket/a', payloadLimit: 12_000 });
    const { message } = refusal({ MILLRACE_PAYLOADS: 's3://key:hunter2@bucket' }, cwd);
    expect(message).toContain('without credentials');
    expect(message).not.toContain('hunter2');
  });

  test('the environment goes before the file, the file before the default', () => {
    const cwd = folderWith({ port: 8000, host: '0.0.0.0', lease: '1m' });
    const config = loadConfig({ PORT: '9000', MILLRACE_LOG_LEVEL: '' }, cwd);
    expect(config).toMatchObject({ port: 9000, host: '0.0.0.0', leaseMs: 60_000, logLevel: 'info' });
  });

  test('the master key lies in the home, wherever that is', () => {
    expect(loadConfig({ MILLRACE_HOME: '/data' }, folderWith()).masterKeyFile).toBe('/data/master.key');
  });

  test('there is no demo for a database of your own or for other machines, unless asked for', () => {
    const databaseUrl = 'postgresql://millrace@db/millrace';
    expect(loadConfig({ DATABASE_URL: databaseUrl }, folderWith())).toMatchObject({ demo: false, databaseUrl });
    expect(loadConfig({ HOST: '0.0.0.0' }, folderWith()).demo).toBe(false);
    expect(loadConfig({ HOST: '0.0.0.0', MILLRACE_DEMO: 'true' }, folderWith()).demo).toBe(true);
  });

  test('every wrong and every unknown setting is refused by name', () => {
    const cwd = folderWith({ lease: 'soon', prot: 7400 });
    const error = refusal({ PORT: 'abc', MILLRACE_EVALUATORS: '0', MILLRACE_LEAS: '5s' }, cwd);
    expect(error.code).toBe('CONFIG_INVALID');
    const file = join(cwd, 'millrace.json');
    expect(error.options.problems?.map(({ message }) => message)).toEqual([
      `“prot” in ${file} is no setting`,
      'MILLRACE_LEAS is no setting',
      'PORT must be a port number from 0 to 65535, not "abc"',
      'MILLRACE_EVALUATORS must be a number from 1 to 256, not 0',
      `“lease” in ${file} must be a duration such as 10s, not "soon"`,
    ]);
    for (const { message } of error.options.problems ?? []) expect(error.message).toContain(message);
  });

  test('a wrong secret is refused without showing it', () => {
    const error = refusal({ DATABASE_URL: 'mysql://root:hunter2@db' }, folderWith());
    expect(error.message).toContain('DATABASE_URL must be an address');
    expect(JSON.stringify(error.toData())).not.toContain('hunter2');
  });

  test('a file that is named must be there and hold a JSON object', () => {
    const cwd = folderWith([]);
    expect(refusal({}, cwd).message).toBe(`${join(cwd, 'millrace.json')} must hold a JSON object.`);
    expect(refusal({ MILLRACE_CONFIG: 'no.json' }, cwd).message).toContain('no.json, which cannot be read');
  });
});

test('`millrace config` tells default, value, source and meaning, and hides secrets', () => {
  const cwd = folderWith({ evaluators: 4 });
  const env = { PORT: '9000', DATABASE_URL: 'postgresql://millrace:hunter2@db/millrace' };
  const lines = new Map(describeConfig(env, cwd).map((line) => [line.name, line]));
  expect(lines.get('port')).toMatchObject({ default: 7400, value: 9000, source: 'environment PORT' });
  expect(lines.get('evaluators')).toMatchObject({ default: 2, value: 4, source: join(cwd, 'millrace.json') });
  expect(lines.get('lease')).toMatchObject({ default: '10s', value: '10s', source: 'default' });
  expect(lines.get('databaseUrl')).toMatchObject({ default: '(the built-in PostgreSQL)', value: '(hidden)' });
  expect(lines.get('demo')).toMatchObject({ value: false });
  expect([...lines.values()].every(({ meaning, variable }) => meaning.endsWith('.') && variable)).toBe(true);
});
