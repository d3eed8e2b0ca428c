import type { Json, JsonObject, Problem } from '@millrace/contract';
import { pathOf } from '@millrace/flow';
import { type PartPlace, partName, sortedParts } from '../configuration.ts';
import type { Kind } from '../kind.ts';
import { kinds, partOf } from '../kinds.ts';
import type { PartFiles } from './file-form.ts';
import { decoded, pathOfPart } from './paths.ts';

/** Texts of a folder's files by their paths in it, with `/`. */
export type FolderFiles = Readonly<Record<string, string>>;

/** The parts that a folder holds. */
export interface ReadParts {
  readonly parts: JsonObject;
  /** Of what cannot be read; pointers begin with the file's path: `flows/orders/flow.json#/nodes`. */
  readonly problems: readonly Problem[];
}

/** The files of parts. @throws {MillraceError} `FILE_NAME_INVALID` */
export function filesOf(parts: JsonObject): FolderFiles {
  const files = Object.entries(parts).flatMap(([part, value]) => {
    const { kind, place } = partOf(part);
    return Object.entries(kind.files.write(value)).map(([file, text]) => [pathOfPart(place) + file, text] as const);
  });
  return Object.fromEntries(files);
}

/** The parts that files make; other files are left alone. */
export function partsIn(files: FolderFiles): ReadParts {
  const found = foundParts(files).map(({ kind, place, own }) => {
    const { value, problems } = kind.files.read(own);
    const placed = problems.map((problem) => ({ ...problem, pointer: pathOfPart(place) + problem.pointer }));
    return { part: partName(place), value: value && kind.canonical(value), problems: placed };
  });
  const read = found.flatMap(({ part, value }) => (value === undefined ? [] : [[part, value] as const]));
  return { parts: sortedParts(read), problems: found.flatMap(({ problems }) => problems) };
}

/** Paths of the files that are a part's, by the names of the parts. */
export function ownFiles(files: FolderFiles): ReadonlyMap<string, readonly string[]> {
  return new Map(
    foundParts(files).map(({ kind, place, own }) => [
      partName(place),
      kind.files.own(own).map((file) => pathOfPart(place) + file),
    ]),
  );
}

/** Where a place in a configuration (`/parts/flows~1orders/flow/nodes`) stands in a folder. */
export function placeInFolder(at: string, parts: JsonObject): string {
  const [, part, ...rest] = pathOf(at);
  if (part === undefined || !Object.hasOwn(parts, part)) return at;
  const { kind, place } = partOf(part);
  const inner = at
    .split('/')
    .slice(3)
    .map((each) => `/${each}`)
    .join('');
  return pathOfPart(place) + (rest.length === 0 ? '' : kind.files.locate(inner, parts[part] as Json));
}

interface FoundPart {
  readonly kind: Kind;
  readonly place: PartPlace;
  /** By what is behind the part's path. */
  readonly own: PartFiles;
}

function foundParts(files: FolderFiles): FoundPart[] {
  return kinds.flatMap((kind) =>
    Object.keys(files).flatMap((path) => {
      const place = placeOfMain(path, kind);
      return place ? [{ kind, place, own: behind(pathOfPart(place), kind, files) }] : [];
    }),
  );
}

/** The part whose main file it is. */
function placeOfMain(path: string, { id, hasEnvironment, files: { main } }: Kind): PartPlace | undefined {
  if (!path.startsWith(`${id}/`) || !path.endsWith(main)) return undefined;
  const words = path.slice(0, -main.length).split('/');
  const [, environment, file] = hasEnvironment ? words : [id, '', words[1]];
  const name = file === undefined || words.length !== (hasEnvironment ? 3 : 2) ? undefined : decoded(file);
  const place = { kind: id, environment: environment ?? '', name: name ?? '' };
  return name !== undefined && isPlace(place, hasEnvironment) ? place : undefined;
}

function isPlace({ environment }: PartPlace, hasEnvironment: boolean): boolean {
  return !hasEnvironment || environment === 'sandbox' || environment === 'production';
}

function behind(base: string, { files: { main } }: Kind, files: FolderFiles): PartFiles {
  if (!main.startsWith('/')) return { [main]: files[base + main] ?? '' };
  const own = Object.entries(files).filter(([path]) => path.startsWith(`${base}/`));
  return Object.fromEntries(own.map(([path, text]) => [path.slice(base.length), text]));
}
