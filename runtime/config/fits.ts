import type { TSchema } from 'typebox';

/** The keywords that settings have. */
type SettingType = TSchema &
  (
    | { readonly type: 'boolean' }
    | { readonly type: 'integer'; readonly minimum?: number; readonly maximum?: number }
    | { readonly type: 'string'; readonly minLength?: number; readonly pattern?: string }
    | { readonly type?: undefined; readonly enum: readonly unknown[] }
  );

/**
 * Whether a value is of a setting's type. TypeBox has a check of everything, but every command begins with this one, and
 * loading TypeBox's takes as long as half of what a command does.
 */
export function fits(type: TSchema, value: unknown): boolean {
  const setting = type as SettingType;
  switch (setting.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value) && isWithin(value as number, setting.minimum, setting.maximum);
    case 'string':
      return typeof value === 'string' && isWritten(value, setting.minLength, setting.pattern);
    default:
      return setting.enum.includes(value);
  }
}

function isWithin(value: number, least = -Infinity, most = Infinity): boolean {
  return value >= least && value <= most;
}

function isWritten(value: string, shortest = 0, pattern = ''): boolean {
  return value.length >= shortest && new RegExp(pattern, 'u').test(value);
}
