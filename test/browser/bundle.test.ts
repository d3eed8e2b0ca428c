import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { buildStudio } from './build-studio.ts';

const dist = fileURLToPath(new URL('../../studio/dist', import.meta.url));

/** A built file, with what the browser loads along with it and what it may load later. */
interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

let manifest: Readonly<Record<string, Chunk>>;
beforeAll(async () => {
  await buildStudio();
  manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
});

const firstPage = ['index.html', 'src/flows/flows-page.tsx'];
const editor = ['src/flows/flow-page.tsx'];

test('R-X4 the first load, before the editor, is at most 350 kB compressed', () => {
  expect(kilobytes(filesOf(firstPage, 'now'))).toBeLessThanOrEqual(350);
});

test('R-X4 the editor with everything that it may load is at most 900 kB compressed', () => {
  const before = filesOf(firstPage, 'now');
  const after = [...filesOf(editor, 'ever')].filter((file) => !before.has(file));
  expect(kilobytes(after)).toBeLessThanOrEqual(900);
});

/** Files that are loaded with some chunks: at once, or at any time. */
function filesOf(names: readonly string[], when: 'now' | 'ever'): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`The studio has no chunk “${name}”.`);
    if (seen.has(name)) return;
    seen.add(name);
    const { imports = [], dynamicImports = [] } = chunk;
    for (const next of when === 'ever' ? [...imports, ...dynamicImports] : imports) visit(next);
  };
  for (const name of names) visit(name);
  return new Set([...seen].flatMap((name) => [manifest[name]?.file ?? '', ...(manifest[name]?.css ?? [])]));
}

function kilobytes(files: Iterable<string>): number {
  const sizes = [...files].map((file) => gzipSync(readFileSync(join(dist, file))).length);
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000);
}
