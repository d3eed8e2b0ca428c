import { fileURLToPath } from 'node:url';
import { openShipped } from './templates/shipped.ts';
import { version } from './version.ts';

const folder = fileURLToPath(new URL('../flows', import.meta.url));

/** The templates that come with Millrace. */
export const shipped = openShipped(folder, version);
