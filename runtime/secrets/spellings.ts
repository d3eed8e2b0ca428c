/** A way in which a secret may stand in a text. */
export interface Spelling {
  /** Stands in every text that the pattern fits: looking for it first costs next to nothing. */
  readonly core: string;
  readonly pattern: RegExp;
}

/**
 * How others may write a secret: as it is, with characters escaped for JSON, HTML or an address, in hexadecimal digits,
 * and in base64 behind whatever else (`Basic …` is user name and password in one).
 */
export function spellingsOf(secret: string): Spelling[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), ...[0, 1, 2].map((before) => base64Behind(before, bytes))].map((text) => ({
    core: longestPlainPart(text),
    pattern: new RegExp(Array.from(text, anyForm).join(''), 'g'),
  }));
}

/** The characters of base64 that are the same whatever stands on both sides. @param before bytes, beyond a multiple of three */
function base64Behind(before: number, bytes: Buffer): string {
  const first = Math.ceil((before * 8) / 6);
  const beyond = Math.floor(((before + bytes.length) * 8) / 6);
  return Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .slice(first, beyond);
}

/** Letters and digits are escaped by nobody. */
function longestPlainPart(text: string): string {
  return (text.match(/[A-Za-z0-9]+/g) ?? []).reduce(
    (longest, part) => (part.length > longest.length ? part : longest),
    '',
  );
}

const named: Readonly<Record<string, readonly string[]>> = {
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '"': ['&quot;'],
  "'": ['&apos;'],
  '\n': ['\\n'],
  '\r': ['\\r'],
  '\t': ['\\t'],
  ' ': ['+'],
  // The alphabet of base64 that addresses can carry.
  '+': ['-'],
  '/': ['_'],
};

/** A pattern for one character, however it is escaped. */
function anyForm(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const code = character.codePointAt(0) as number;
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const escaped = [
    [...Buffer.from(character)].map((byte) => `%${hexadecimal(byte, 2)}`).join(''),
    units.map((unit) => `\\\\u${hexadecimal(unit, 4)}`).join(''),
    `&#(?:${code}|[xX]0*${hexadecimal(code, 1)});`,
  ];
  const literal = [character, `\\${character}`, ...(named[character] ?? [])].map(literally);
  return `(?:${[...literal, ...escaped].join('|')})`;
}

function literally(text: string): string {
  return text.replace(/[^A-Za-z0-9\s]/g, '\\$&');
}

/** Digits in either case. */
function hexadecimal(value: number, digits: number): string {
  return value
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
