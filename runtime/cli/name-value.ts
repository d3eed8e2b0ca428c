import { MillraceError } from '@millrace/contract';

/** For an option that may be given again and again. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** @throws {MillraceError} `OPTION_INVALID` for a text that is not `name=value` */
export function pairs(texts: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined)
        throw new MillraceError('OPTION_INVALID', `${option} takes name=value, not “${text}”.`);
      return [name, value];
    }),
  );
}
