import { fileURLToPath } from 'node:url';
import { openShipped } from './templates/shipped.ts';
import { version } from './version.ts';

/** The templates that come with Millrace. */
export const shipped = openShipped(fileURLToPath(new URL('../flows', import.meta.url)), version);
