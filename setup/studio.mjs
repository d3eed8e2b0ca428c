import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { capture } from './child.mjs';
import { environment } from './node24.mjs';
import { root, SetupError, say } from './place.mjs';

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

/** Builds the studio for the browser, where its sources are not those of the last build. */
export async function ensureStudio(node) {
  const current = await fingerprint();
  if ((await readFile(stamp, 'utf8').catch(() => '')) === current) return;
  say('Building the studio …');
  // A build that fails must not leave the last one to be taken for it.
  await rm(dirname(stamp), { recursive: true, force: true });
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { code, output } = await capture(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'studio'),
    env: { ...environment(), NODE_ENV: 'production' },
  });
  if (code !== 0) throw new SetupError(`The studio does not build:\n${output.trim()}`);
  await writeFile(stamp, current);
}

async function fingerprint() {
  const hash = createHash('sha256');
  for (const source of sources) await addTo(hash, source);
  return hash.digest('hex');
}

async function addTo(hash, path) {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => undefined);
  if (!entries) {
    hash.update(`${path}\0`).update(await readFile(join(root, path)));
    return;
  }
  const names = entries.map((entry) => entry.name).filter((name) => name !== 'node_modules' && name !== 'dist');
  for (const name of names.sort()) await addTo(hash, `${path}/${name}`);
}
