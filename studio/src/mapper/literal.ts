import { type Json, readJson, writeJson } from '@millrace/contract';

/** `12`, `true` and `null` are what they look like; everything else is text, and an empty one is no value. */
export function literalOf(text: string): Json | undefined {
  if (text === '') return undefined;
  try {
    return readJson(text);
  } catch {
    return text;
  }
}

/** How somebody would type a value so that {@link literalOf} gives it. */
export function literalText(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' && literalOf(value) === value ? value : writeJson(value);
}
