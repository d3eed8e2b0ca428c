import { createHash } from 'node:crypto';

/** Equal on every retry, after every crash and on redrive: derived from what the effect is, not from when it is tried. */
export function idempotencyKey(run: string, step: string, ordinal: number, generation = 0): string {
  return createHash('sha256').update(`${run}\n${step}\n${ordinal}\n${generation}`).digest('hex').slice(0, 32);
}
