import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Something that stands in the way of starting and that the reader can mend; shown as one sentence. */
export class SetupError extends Error {}

/** Tells what takes its time. On standard error, so that a command's own output stays clean. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
