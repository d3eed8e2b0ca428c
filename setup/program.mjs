import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build, fingerprint } from './built.mjs';
import { root } from './place.mjs';

const common = ['runtime', 'packages', 'node-library', 'setup/bundle.mjs', 'package-lock.json'];
const bundler = join(root, 'setup', 'bundle.mjs');
/** Servers that run may still load parts of the one before. */
const kept = 3;

/**
 * Bundles the command line, where that has not been done of these sources: a command begins in a quarter of the time then.
 * @param {string} node
 * @returns {Promise<string>} what `npx millrace` and `npm start` run
 */
export function ensureProgram(node) {
  return ensureBundle(node, { title: 'the command line', name: 'millrace', folder: 'runtime', source: 'cli/index.ts' });
}

/**
 * The same of another program that stands on the runtime.
 * @param {string} node
 * @param {{ title: string, name: string, folder: string, source: string }} program what people call it; its file, without
 * its ending; the folder of its sources, from the root; its own source in that
 */
export async function ensureBundle(node, { title, name, folder, source }) {
  const builds = join(root, folder, 'dist');
  const place = join(builds, fingerprint([...new Set([...common, folder])]).slice(0, 16));
  const program = join(place, `${name}.mjs`);
  if (existsSync(program)) return program;
  const fresh = join(builds, `new-${process.pid}`);
  await build(title, node, [bundler, fresh, name, join(folder, source)]);
  // Whoever has built at the same time has built the same.
  await rename(fresh, place).catch(() => rm(fresh, { recursive: true, force: true }));
  await forgetOldBuilds(builds);
  return program;
}

async function forgetOldBuilds(builds) {
  const names = await readdir(builds);
  const found = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(builds, name))).mtimeMs })));
  const old = found.sort((a, b) => b.at - a.at).slice(kept);
  await Promise.all(old.map(({ name }) => rm(join(builds, name), { recursive: true, force: true })));
}
