import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, fingerprint } from './built.mjs';
import { root } from './place.mjs';

/** What the built studio is made of. */
const sources = [
  'studio',
  'packages/contract',
  'packages/flow',
  'packages/jsonata',
  'packages/mapping',
  'packages/schedule',
  'package-lock.json',
];
const stamp = join(root, 'studio', 'dist', '.sources');
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');

/** Builds the studio for the browser, where its sources are not those of the last build. */
export async function ensureStudio(node) {
  const current = fingerprint(sources);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === current) return;
  // A build that fails must not leave the last one to be taken for it.
  await rm(dirname(stamp), { recursive: true, force: true });
  await build('the studio', node, [vite, 'build', '--logLevel', 'warn'], join(root, 'studio'));
  await writeFile(stamp, current);
}
