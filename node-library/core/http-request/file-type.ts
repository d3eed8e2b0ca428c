/** Kinds of file that their first bytes tell, by media type. */
const beginnings: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  'image/jpeg': (bytes) => begins(bytes, 0, '\xff\xd8\xff'),
  'image/png': (bytes) => begins(bytes, 0, '\x89PNG\r\n\x1a\n'),
  'image/gif': (bytes) => begins(bytes, 0, 'GIF87a') || begins(bytes, 0, 'GIF89a'),
  'image/webp': (bytes) => begins(bytes, 0, 'RIFF') && begins(bytes, 8, 'WEBP'),
  'image/avif': (bytes) => isIsoMedia(bytes, /^avi[fs]$/),
  'video/mp4': (bytes) => isIsoMedia(bytes, /^(?:isom|iso\d|mp4\d|avc1|M4V )$/),
  'application/pdf': (bytes) => begins(bytes, 0, '%PDF-'),
};

/** Media types of which a file can be checked. SVG is none of them: it may hold scripts. */
export const knownFileTypes = Object.keys(beginnings);

/** As servers write it besides the registered name. */
const otherNames: Readonly<Record<string, string>> = { 'image/jpg': 'image/jpeg', 'image/pjpeg': 'image/jpeg' };

/** The media type that the first bytes tell, if they tell one. */
export function fileTypeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16));
  return knownFileTypes.find((type) => beginnings[type]?.(head));
}

/** The media type of a header, in lower case, without parameters and by its registered name. */
export function mediaTypeOf(header: string | null): string {
  const named = (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return otherNames[named] ?? named;
}

function begins(bytes: Buffer, at: number, text: string): boolean {
  return bytes.toString('latin1', at, at + text.length) === text;
}

/** ISO 14496-12: a box `ftyp` with the brand comes first. */
function isIsoMedia(bytes: Buffer, brand: RegExp): boolean {
  return begins(bytes, 4, 'ftyp') && brand.test(bytes.toString('latin1', 8, 12));
}
