import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pure = ['contract', 'flow', 'mapping', 'schedule'];

/** What the files of a folder may import of ours (`@millrace/…`); the first folder that fits a file counts. */
const arrows: readonly (readonly [folder: string, allowed: readonly string[]])[] = [
  ['packages/contract/', []],
  ['packages/flow/', ['contract']],
  ['packages/schedule/', ['contract']],
  ['packages/jsonata/', []],
  ['packages/mapping/', ['contract', 'jsonata']],
  ['packages/postgres-server/', ['contract']],
  ['packages/file-exchange/', ['contract']],
  ['packages/object-storage/', ['contract']],
  ['packages/document-thread/', ['contract']],
  ['packages/testing/', [...pure, 'postgres-server']],
  ['node-library/', ['contract', 'mapping', 'file-exchange', 'object-storage', 'document-thread']],
  ['runtime/packs.ts', ['contract', 'pack-*']],
  ['runtime/main.ts', ['pack-*']],
  ['runtime/', [...pure, 'postgres-server', 'object-storage', 'document-thread']],
  ['studio/', pure],
];

test.each(arrows)('%s imports of ours only %j', (folder, allowed) => {
  const files = sources.filter(({ path }) => arrows.find(([place]) => path.startsWith(place))?.[0] === folder);
  const offending = files.flatMap(({ path, imports }) =>
    imports.filter((name) => !isAllowed(name, path, allowed)).map((name) => `${path} imports ${name}`),
  );
  expect(offending).toEqual([]);
});

/** Of ours, what the arrows allow; by path, within the own workspace; of others, any. */
function isAllowed(name: string, path: string, allowed: readonly string[]): boolean {
  if (name.startsWith('.')) return workspace(relative(root, join(root, path, '..', name))) === workspace(path);
  const ours = /^@millrace\/([^/]+)/.exec(name)?.[1];
  if (ours === undefined) return true;
  return [...allowed, ...testsMayUse(path)].some((arrow) => arrow === ours || arrow === ours.replace(/-.*/, '-*'));
}

/** The runtime's tests run real flows, and so have real packs. */
function testsMayUse(path: string): string[] {
  if (!/\.(test|fixture)\.tsx?$/.test(path)) return [];
  return path.startsWith('runtime/') ? ['testing', 'pack-*'] : ['testing'];
}

/** `runtime`, `studio`, `packages/flow`, `node-library/core`. */
function workspace(path: string): string {
  return /^((packages|node-library)\/)?[^/]+/.exec(path)?.[0] ?? path;
}

const sources = ['packages', 'node-library', 'runtime', 'studio']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  )
  .filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
  .map((path) => ({ path, imports: importsOf(readFileSync(join(root, path), 'utf8')) }));

function importsOf(text: string): string[] {
  const specifiers = text.matchAll(
    /^(?:import|export|\} from)\b[^'"`;]*?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...specifiers].map(([, fixed, dynamic]) => fixed ?? dynamic ?? '');
}
