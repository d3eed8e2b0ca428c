import { readFileSync } from 'node:fs';

/** Of Millrace. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
