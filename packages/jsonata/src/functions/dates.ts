import { JsonataError } from '../failure.ts';
import { type DatePart, readDatePicture } from '../picture/date-picture.ts';
import { formatDate } from '../picture/format-date.ts';
import { type DateReader, dateReader } from '../picture/parse-date.ts';
import { chargePicture } from '../picture/picture-length.ts';
import type { Run } from '../run.ts';
import { define, type Functions } from './define.ts';
import { Kept } from './kept.ts';

export const dates: Functions = {
  now: define('<s?s?:s>', 2, (run, picture?: string, zone?: string) => fromMillis(run, run.host.now, picture, zone)),
  fromMillis: define('<n-s?s?:s>', 3, fromMillis),
  toMillis: define('<s-s?:n>', 2, toMillis),
};

const pictures = new Kept<readonly DatePart[]>(readDatePicture);
const readers = new Kept<DateReader>((picture) => dateReader(readDatePicture(picture)));
const isoPicture = '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]';

function fromMillis(run: Run, ms?: number, picture = isoPicture, zone = '0000'): string | undefined {
  if (ms === undefined) return undefined;
  chargePicture(run, picture);
  return formatDate(run, ms, minutesOf(zone), pictures.get(picture));
}

/** `+0530` as minutes east of UTC. @throws {JsonataError} D3134 */
function minutesOf(zone: string): number {
  const [, sign, digits] = /^([+-]?)(\d{1,4})$/.exec(zone.replace(':', '')) ?? [];
  if (digits === undefined) throw new JsonataError('D3134', { index: 3 });
  const minutes = Math.floor(Number(digits) / 100) * 60 + (Number(digits) % 100);
  return sign === '-' ? -minutes : minutes;
}

const iso = /^\d{4}(-[01]\d)*(-[0-3]\d)*(T[0-2]\d:[0-5]\d:[0-5]\d)*(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

/** @throws {JsonataError} D3110 without a picture, for what is no ISO 8601 */
function toMillis(run: Run, text?: string, picture?: string): number | undefined {
  if (text === undefined) return undefined;
  run.spend(10 + text.length);
  if (picture === undefined) return fromIso(text);
  chargePicture(run, picture);
  run.spend(text.length * (1 + picture.length) + 40 * picture.length);
  return readers.get(picture).read(text, run.host.now);
}

/** A time without a zone is UTC, so that the machine's own zone never matters. */
function fromIso(text: string): number {
  const ms = text.length <= 40 && iso.test(text) ? Date.parse(zoned(text)) : Number.NaN;
  if (Number.isNaN(ms)) throw new JsonataError('D3110', { index: 1 });
  return ms;
}

function zoned(text: string): string {
  return /T.*[^Z]$/.test(text) && !/[+-]\d\d:?\d\d$/.test(text) ? `${text}Z` : text;
}
