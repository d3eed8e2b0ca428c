import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { isObject, type Json, MillraceError, type Problem, readJson } from '@millrace/contract';
import { explode, type FlowBundle, implode, unpack } from '@millrace/flow';

/** A flow as it lies on disk: its exploded folder, an exported bundle, or a bare `flow.json`. */
export interface ReadFlow {
  readonly bundle?: FlowBundle;
  /** Everything that keeps the files from being a flow; pointers start with the file's name. */
  readonly problems: readonly Problem[];
}

/** @throws {MillraceError} `FLOW_NOT_FOUND` when there is nothing at the path */
export function readFlow(path: string): ReadFlow {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) throw new MillraceError('FLOW_NOT_FOUND', `There is no flow at ${path}.`, { category: 'not-found' });
  return found.isDirectory() ? implode(readFolder(path)) : readBundle(path);
}

/** As {@link readFlow}; @throws {MillraceError} `FLOW_UNREADABLE` with every problem */
export function readWholeFlow(path: string): FlowBundle {
  const { bundle, problems } = readFlow(path);
  if (bundle && problems.length === 0) return bundle;
  throw new MillraceError('FLOW_UNREADABLE', `${path} is not a flow: ${problems[0]?.message ?? ''}`, { problems });
}

/** Texts of the flow's files by their path in the folder, with `/`. */
function readFolder(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ['.json', '.jsonata'].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.map((file) => [relative(folder, file).split(sep).join('/'), readFileSync(file, 'utf8')]),
  );
}

function readBundle(path: string): ReadFlow {
  let content: Json;
  try {
    content = readJson(readFileSync(path, 'utf8'));
  } catch (error) {
    const message = `${basename(path)} is not JSON: ${(error as Error).message}`;
    return { problems: [{ code: 'BAD_JSON', pointer: '', message }] };
  }
  if (isObject(content) && isObject(content.flow)) return unpack(content);
  return implode({ 'flow.json': readFileSync(path, 'utf8') });
}

/**
 * Writes a flow's exploded folder, all of it or nothing.
 * @throws {MillraceError} `FOLDER_NOT_EMPTY` where something is at the path already, `FOLDER_UNWRITABLE` where it cannot be
 * written
 */
export function writeFolder(path: string, bundle: FlowBundle): void {
  const files = Object.entries(explode(bundle));
  if (existsSync(path) && !isEmptyFolder(path))
    throw new MillraceError('FOLDER_NOT_EMPTY', `${path} is there already; a flow is written into a new folder.`);
  const parent = dirname(resolve(path));
  try {
    mkdirSync(parent, { recursive: true });
    const aside = mkdtempSync(join(parent, '.millrace-'));
    try {
      for (const [file, text] of files) writeText(join(aside, 'flow', file), text);
      renameSync(join(aside, 'flow'), path);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  } catch (cause) {
    throw new MillraceError('FOLDER_UNWRITABLE', `${path} cannot be written.`, { cause });
  }
}

function isEmptyFolder(path: string): boolean {
  return lstatSync(path).isDirectory() && readdirSync(path).length === 0;
}

function writeText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
