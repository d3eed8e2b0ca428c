import { type Json, readJson } from '@millrace/contract';

/** An object as a test looks at it: JSON parsed, anything else as text. */
export function contentOf(text: string): Json {
  try {
    return readJson(text);
  } catch {
    return text;
  }
}
