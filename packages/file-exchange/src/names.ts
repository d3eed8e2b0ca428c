import { MillraceError } from '@millrace/contract';

/** A temporary name of ours adds up to 40 bytes, and file systems end at 255. */
const longestName = 200;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const forbiddenCharacter = /[/\\\u0000-\u001f\u007f]/;

/** Device names that Windows reserves, with any extension; the reader of the folder may well be a Windows ERP. */
const windowsDevice = /^(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³]) *(?:\.|$)/i;

/**
 * The name of one file or folder that cannot lead out of the folder it is put into, in Unicode's composed form (NFC),
 * so that two spellings of one name are one file.
 * @throws {MillraceError} `INVALID_FILE_NAME` with what is wrong and `pointer` as given
 */
export function confinedName(name: string, pointer = '/fileName'): string {
  const reason = unfitName(name);
  if (reason !== undefined) throw invalidName(name, reason, pointer);
  return name.normalize('NFC');
}

/**
 * A folder below the shared one, its parts separated by slashes and each a name as `confinedName` takes it; `''` and
 * `.` are the shared folder itself, `''`.
 * @throws {MillraceError} `INVALID_FILE_NAME`
 */
export function confinedFolder(folder: string, pointer = '/folder'): string {
  if (folder === '' || folder === '.') return '';
  return folder
    .split('/')
    .map((part) => confinedName(part, pointer))
    .join('/');
}

/** Why a name cannot be a file's; nothing where it can. */
export function unfitName(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (forbiddenCharacter.test(name)) return 'it holds a separator or a control character';
  if (!name.isWellFormed()) return 'it holds half a character';
  if (name.startsWith('.')) return 'it begins with a dot, which hides it';
  if (/[. ]$/.test(name)) return 'it ends in a dot or a blank, which some systems drop';
  if (windowsDevice.test(name)) return 'Windows reserves it for a device';
  if (Buffer.byteLength(name.normalize('NFC')) > longestName) return `it is longer than ${longestName} bytes`;
  return undefined;
}

/** One part of a path and nothing more, on whatever system the files lie; hidden names and temporary ones may be it too. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

/**
 * The parts of a relative path. Asked by whoever reaches a file, so that no caller can forget it.
 * @throws {MillraceError} `INVALID_FILE_NAME` for a path that may lead elsewhere
 */
export function partsOf(relative: string): string[] {
  const parts = relative === '' ? [] : relative.split('/');
  if (!parts.every(isPlainName)) throw invalidName(relative, 'it may lead out of the shared folder', '');
  return parts;
}

/** Folder and name of a file. @throws {MillraceError} `INVALID_FILE_NAME` */
export function placeOf(relative: string): { readonly folder: string[]; readonly name: string } {
  const parts = partsOf(relative);
  const name = parts.pop();
  if (name === undefined) throw invalidName(relative, 'it is empty', '');
  return { folder: parts, name };
}

function invalidName(name: string, reason: string, pointer: string): MillraceError {
  const message = `${JSON.stringify(name)} cannot be a file's name: ${reason}.`;
  return new MillraceError('INVALID_FILE_NAME', message, { pointer });
}

/** A path relative to the shared folder; the folder `''` is the shared folder itself. */
export function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Names under which a file may be kept, the plain one first: `a.json`, `a.1.json`, `a.2.json` … */
export function* numberedNames(name: string): Generator<string> {
  yield name;
  const dot = name.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 1; ; number++) yield `${stem}.${number}${extension}`;
}
