import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MillraceError, type Problem } from '@millrace/contract';
import type { TSchema } from 'typebox';
import { fits } from './fits.ts';
import { type Config, configOf, type SettingName, type SettingValues, settings } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting's value and where it comes from. */
export interface Resolved {
  readonly values: SettingValues;
  /** `environment PORT`, a file's path, or `default`. */
  readonly sources: Readonly<Record<SettingName, string>>;
}

/** Variables beside the settings: which file to read, and a switch that only fault tests set. */
const otherVariables = new Set(['MILLRACE_CONFIG', 'MILLRACE_CRASH_AT']);
const names = Object.keys(settings) as SettingName[];

/**
 * The configuration of an instance: environment variables over the file (`millrace.json` in the working directory, or
 * the one that `MILLRACE_CONFIG` names) over defaults. An empty variable counts as not set.
 * @throws {MillraceError} `CONFIG_INVALID` naming every wrong and every unknown setting
 */
export function loadConfig(env: Environment, cwd: string): Config {
  return configOf(resolveSettings(env, cwd).values, cwd);
}

/** Every setting with its source; throws as {@link loadConfig} does. */
export function resolveSettings(env: Environment, cwd: string): Resolved {
  const problems: Problem[] = [];
  const file = readSettingsFile(env, cwd);
  problems.push(...unknownNames(file.values, file.path), ...unknownVariables(env));
  const values: Record<string, unknown> = {};
  const sources: Record<string, string> = {};
  for (const name of names) {
    const found = fromEnvironment(env, name) ?? fromFile(file, name);
    const problem = found && check(name, found);
    if (problem) problems.push(problem);
    values[name] = found && !problem ? found.value : fallback(name, values);
    sources[name] = found?.source ?? 'default';
  }
  if (problems.length > 0) throw invalid(problems);
  return { values: values, sources: sources as Resolved['sources'] };
}

interface Found {
  readonly value: unknown;
  readonly source: string;
  /** How the source calls the setting. */
  readonly label: string;
}

function fromEnvironment(env: Environment, name: SettingName): Found | undefined {
  const { variable, type } = settings[name];
  const text = env[variable];
  if (!text) return undefined;
  return { value: valueOfText(text, type), source: `environment ${variable}`, label: variable };
}

/** Text of a variable as the setting's type wants it; text that does not fit stays text and is refused by the check. */
function valueOfText(text: string, type: TSchema): unknown {
  const kind = (type as { type?: string }).type;
  if (kind === 'integer' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function fromFile(file: SettingsFile, name: SettingName): Found | undefined {
  const value = file.values[name];
  return value === undefined ? undefined : { value, source: file.path, label: `“${name}” in ${file.path}` };
}

function check(name: SettingName, { value, label }: Found): Problem | undefined {
  const { type, expects, secret } = settings[name] as (typeof settings)['databaseUrl' | 'port'];
  if (fits(type, value)) return undefined;
  const shown = secret ? '' : `, not ${JSON.stringify(value)}`;
  return { code: 'WRONG_VALUE', pointer: `/${name}`, message: `${label} must be ${expects}${shown}` };
}

function fallback(name: SettingName, values: Record<string, unknown>): unknown {
  const { fallback } = settings[name] as { fallback?: unknown };
  return typeof fallback === 'function' ? fallback(values) : fallback;
}

interface SettingsFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

function readSettingsFile(env: Environment, cwd: string): SettingsFile {
  const named = env.MILLRACE_CONFIG;
  const path = resolve(cwd, named || 'millrace.json');
  const text = readText(path);
  if (text === undefined && named) throw fileInvalid(path, `MILLRACE_CONFIG names ${path}, which cannot be read`);
  return { path, values: text === undefined ? {} : parse(text, path) };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileInvalid(path, `${path} cannot be read`, error);
  }
}

function parse(text: string, path: string): SettingsFile['values'] {
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values))
      return values as SettingsFile['values'];
  } catch (cause) {
    throw fileInvalid(path, `${path} is not JSON`, cause);
  }
  throw fileInvalid(path, `${path} must hold a JSON object`);
}

function unknownNames(values: SettingsFile['values'], path: string): Problem[] {
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(settings, name));
  return unknown.map((name) => unknownSetting(name, `“${name}” in ${path} is no setting`));
}

/** Only `MILLRACE_…` is ours to judge. */
function unknownVariables(env: Environment): Problem[] {
  const known = new Set([...otherVariables, ...names.map((name) => settings[name].variable)]);
  const unknown = Object.keys(env).filter((variable) => variable.startsWith('MILLRACE_') && !known.has(variable));
  return unknown.map((variable) => unknownSetting(variable, `${variable} is no setting`));
}

function unknownSetting(name: string, message: string): Problem {
  return { code: 'UNKNOWN_SETTING', pointer: `/${name}`, message, hint: '`millrace config` lists the settings.' };
}

function invalid(problems: readonly Problem[]): MillraceError {
  const [first] = problems;
  return new MillraceError('CONFIG_INVALID', `${problems.map(({ message }) => message).join('; ')}.`, {
    problems,
    ...(problems.length === 1 && first && { pointer: first.pointer }),
  });
}

function fileInvalid(path: string, message: string, cause?: unknown): MillraceError {
  const problem: Problem = { code: 'FILE_INVALID', pointer: '', message };
  return new MillraceError('CONFIG_INVALID', `${message}.`, { problems: [problem], cause, details: { path } });
}
