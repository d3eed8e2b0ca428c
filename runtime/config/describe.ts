import { type Environment, resolveSettings } from './load.ts';
import { type SettingName, settings } from './settings.ts';

/** A line of `millrace config`. */
export interface DescribedSetting {
  readonly name: SettingName;
  readonly variable: string;
  /** In words where it is computed; nothing where the setting is simply absent. */
  readonly default: unknown;
  readonly value: unknown;
  /** `environment PORT`, a file's path, or `default`. */
  readonly source: string;
  readonly meaning: string;
}

/**
 * Every setting with its default, its value, where that comes from and what it means; secrets as `(hidden)`.
 * @throws {MillraceError} `CONFIG_INVALID`
 */
export function describeConfig(env: Environment, cwd: string): DescribedSetting[] {
  const { values, sources } = resolveSettings(env, cwd);
  return (Object.keys(settings) as SettingName[]).map((name) => {
    const { variable, meaning, secret, fallback, fallbackText } = { ...absent, ...settings[name] };
    const value = values[name] ?? fallbackText;
    return {
      name,
      variable,
      default: fallbackText ?? fallback,
      value: secret && values[name] !== undefined ? '(hidden)' : value,
      source: sources[name],
      meaning,
    };
  });
}

const absent = { secret: undefined, fallback: undefined, fallbackText: undefined };
