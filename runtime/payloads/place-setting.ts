import { resolve } from 'node:path';

/** What the setting may look like; `placeOf` says what it means. Apart from it, so that reading settings loads no storage. */
export const placePattern = '^(database|folder:.+|s3://[^/?@:\\s]+([/?]\\S*)?)$';

/** The setting with its path absolute, as it is stored. */
export function absolutePlace(text: string, cwd: string): string {
  return text.startsWith('folder:') ? `folder:${resolve(cwd, text.slice('folder:'.length))}` : text;
}
