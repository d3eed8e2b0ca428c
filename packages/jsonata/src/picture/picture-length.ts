import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';

/** Longer pictures are no pictures, and would take long to read. */
const longest = 1000;

/** Charges the reading of a picture. @throws {JsonataError} D3130 when it is too long */
export function chargePicture(run: Run, picture: string): void {
  if (picture.length > longest) throw new JsonataError('D3130');
  run.spend(10 + 10 * picture.length);
  run.allocate(100 + 100 * picture.length);
}
