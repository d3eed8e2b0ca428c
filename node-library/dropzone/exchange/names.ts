import { MillraceError } from '@millrace/contract';

/** A temporary name of ours adds up to 40 bytes, and file systems end at 255. */
const longestName = 200;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const forbiddenCharacter = /[/\\\u0000-\u001f\u007f]/;

/** Device names that Windows reserves, with any extension; the reader of a dropzone may well be a Windows ERP. */
const windowsDevice = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The name of one file or folder that cannot lead out of the folder it is put into, in Unicode's composed form (NFC),
 * so that two spellings of one name are one file.
 * @throws {MillraceError} `INVALID_FILE_NAME` with what is wrong and `pointer` as given
 */
export function confinedName(name: string, pointer = '/fileName'): string {
  const reason = whyNot(name);
  if (reason !== undefined) {
    throw new MillraceError('INVALID_FILE_NAME', `${JSON.stringify(name)} cannot be a file's name: ${reason}.`, {
      pointer,
    });
  }
  return name.normalize('NFC');
}

function whyNot(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (forbiddenCharacter.test(name)) return 'it holds a separator or a control character';
  if (!name.isWellFormed()) return 'it holds half a character';
  if (name.startsWith('.')) return 'it begins with a dot, which hides it';
  if (/[. ]$/.test(name)) return 'it ends in a dot or a blank, which some systems drop';
  if (windowsDevice.test(name)) return 'Windows reserves it for a device';
  if (Buffer.byteLength(name.normalize('NFC')) > longestName) return `it is longer than ${longestName} bytes`;
  return undefined;
}

/** A path relative to the dropzone; the folder `''` is the dropzone itself. */
export function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Names under which a file may be set aside, the plain one first: `a.json`, `a.1.json`, `a.2.json` … */
export function* numberedNames(name: string): Generator<string> {
  yield name;
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 1; ; number++) yield `${stem}.${number}${extension}`;
}
