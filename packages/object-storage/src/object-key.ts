import { MillraceError } from '@millrace/contract';

/** First segment that a folder storage keeps for objects still being written. */
export const incoming = '.incoming';

/** Names that Windows keeps for devices, with any extension. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
const maxKeyBytes = 1024;
const maxSegmentBytes = 255;

/**
 * The segments of an object's key, in Unicode normal form C so that look-alikes are one object. A key must mean the same
 * relative path on every system and in every kind of store.
 * @throws {MillraceError} `OBJECT_KEY_INVALID`, saying what is wrong
 */
export function keySegments(key: string): string[] {
  const wrong = wrongWithKey(key);
  if (wrong) throw invalidKey(wrong);
  const segments = key.normalize('NFC').split('/');
  const wrongSegment = segments.map(wrongWithSegment).find(Boolean) ?? wrongBeginning(segments[0]);
  if (wrongSegment) throw invalidKey(wrongSegment);
  return segments;
}

export function isKey(key: string): boolean {
  try {
    return keySegments(key).join('/') === key;
  } catch {
    return false;
  }
}

/**
 * A key under which somebody else may have put an object: any that S3 knows, except what an address cannot carry.
 * @throws {MillraceError} `OBJECT_KEY_INVALID`, saying what is wrong
 */
export function foreignKey(key: string): string {
  const wrong = wrongWithKey(key) ?? key.split('/').map(wrongInAddress).find(Boolean);
  if (wrong) throw invalidKey(wrong);
  return key;
}

export function invalidKey(what: string): MillraceError {
  return new MillraceError('OBJECT_KEY_INVALID', `The object's key ${what}.`, { pointer: '/key' });
}

function wrongWithKey(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (!key.isWellFormed()) return 'is no well-formed text';
  if (Buffer.byteLength(key.normalize('NFC')) > maxKeyBytes) return `is longer than ${maxKeyBytes} bytes`;
  if (key.startsWith('/')) return 'is absolute; give it without the leading slash';
  // \p{C}: control and invisible format characters, private use, unassigned.
  if (/\p{C}/u.test(key)) return 'holds a control or invisible character';
  return undefined;
}

function wrongInAddress(segment: string): string | undefined {
  return segment === '.' || segment === '..' ? `holds the part “${segment}”` : undefined;
}

/** Without regard to case, because some file systems have none. */
function wrongBeginning(first: string | undefined): string | undefined {
  return first?.toLowerCase() === incoming ? `begins with ${incoming}, which the store keeps for itself` : undefined;
}

function wrongWithSegment(segment: string): string | undefined {
  if (segment === '') return 'holds an empty part between slashes';
  const odd = wrongInAddress(segment) ?? wrongOnWindows(segment);
  if (odd) return odd;
  if (Buffer.byteLength(segment) > maxSegmentBytes) return `holds a part longer than ${maxSegmentBytes} bytes`;
  if (/^ |[. ]$/.test(segment)) return 'holds a part that begins with a blank or ends with a dot or blank';
  return undefined;
}

function wrongOnWindows(segment: string): string | undefined {
  const character = /[\\<>:"|?*]/.exec(segment)?.[0];
  if (character !== undefined) return `holds the character ${character}`;
  return deviceName.test(segment) ? `holds “${segment}”, a name that Windows keeps for a device` : undefined;
}
