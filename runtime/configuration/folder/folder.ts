import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, sep } from 'node:path';
import { isObject, type JsonObject, MillraceError, readJson, writeJson } from '@millrace/contract';
import { isSelected } from '../configuration.ts';
import { kinds } from '../kinds.ts';
import { bundleText } from './file-form.ts';
import { type FolderFiles, filesOf, ownFiles, partsIn, type ReadParts } from './files-of.ts';

/** In a folder it says what the folder holds. */
const settingsFile = 'configuration.json';

export interface FolderSettings {
  /** Names of parts, or what they begin with; an empty list is all. */
  readonly only: readonly string[];
}

/** @throws {MillraceError} `FOLDER_MALFORMED` */
export function readSettings(path: string): FolderSettings | undefined {
  const file = join(path, settingsFile);
  if (isBundle(path) || !existsSync(file)) return undefined;
  const settings = parsed(file);
  const only = isObject(settings) ? (settings.only ?? []) : undefined;
  if (
    isObject(settings) &&
    settings.format === 1 &&
    Array.isArray(only) &&
    only.every((name) => typeof name === 'string')
  )
    return { only };
  throw new MillraceError('FOLDER_MALFORMED', `${file} is not what a folder of Millrace says of itself.`);
}

/** A configuration as it lies in a folder, or in a bundle: one file. @throws {MillraceError} `FOLDER_NOT_FOUND` */
export function readParts(path: string): ReadParts {
  if (!existsSync(path))
    throw new MillraceError('FOLDER_NOT_FOUND', `There is no configuration at ${path}.`, { category: 'not-found' });
  return isBundle(path) ? readBundle(path) : partsIn(filesIn(path));
}

function readBundle(path: string): ReadParts {
  const content = parsed(path);
  if (isObject(content) && content.format === 1 && isObject(content.parts))
    return { parts: content.parts, problems: [] };
  throw new MillraceError('FOLDER_MALFORMED', `${path} is no configuration.`);
}

/**
 * Makes a folder hold exactly these parts of the selection, and leaves what is not ours alone. The same parts are always the
 * same bytes. @throws {MillraceError} `FOLDER_UNWRITABLE`, `FILE_NAME_INVALID`
 */
export function writeParts(path: string, parts: JsonObject, { only }: FolderSettings): void {
  try {
    if (isBundle(path)) writeText(path, bundleText(parts));
    else writeAll(path, { [settingsFile]: settingsText(only), ...filesOf(parts) }, only);
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError('FOLDER_UNWRITABLE', `${path} cannot be written.`, { cause });
  }
}

function settingsText(only: readonly string[]): string {
  return `${writeJson({ format: 1, ...(only.length > 0 && { only }) }, 2)}\n`;
}

function writeAll(path: string, files: FolderFiles, only: readonly string[]): void {
  const present = existsSync(path) ? filesIn(path) : {};
  const ours = [...ownFiles(present)].flatMap(([part, own]) => (isSelected(part, only) ? own : []));
  for (const file of ours.filter((each) => !Object.hasOwn(files, each))) remove(path, file);
  for (const [file, text] of Object.entries(files)) if (present[file] !== text) writeText(join(path, file), text);
}

/** A folder that is empty then goes too. */
function remove(path: string, file: string): void {
  rmSync(join(path, file));
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
    if (readdirSync(join(path, folder)).length > 0) return;
    rmdirSync(join(path, folder));
  }
}

function writeText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Texts of what may be a part's. */
function filesIn(path: string): FolderFiles {
  const folders = kinds.map(({ id }) => join(path, id)).filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && ['.json', '.jsonata'].includes(extname(entry.name)))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return Object.fromEntries(
    files.map((file) => [relative(path, file).split(sep).join('/'), readFileSync(file, 'utf8')]),
  );
}

/** One file instead of a folder. */
export function isBundle(path: string): boolean {
  return existsSync(path) ? statSync(path).isFile() : extname(path) === '.json';
}

function parsed(file: string) {
  try {
    return readJson(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new MillraceError('BAD_JSON', `${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
