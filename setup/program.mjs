import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build, fingerprint } from './built.mjs';
import { root } from './place.mjs';

const sources = ['runtime', 'packages', 'node-library', 'setup/bundle.mjs', 'package-lock.json'];
const builds = join(root, 'runtime', 'dist');
const bundler = join(root, 'setup', 'bundle.mjs');
/** Servers that run may still load parts of the one before. */
const kept = 3;

/**
 * Bundles the command line, where that has not been done of these sources: a command begins in a quarter of the time then.
 * @param {string} node
 * @returns {Promise<string>} what `npx millrace` and `npm start` run
 */
export async function ensureProgram(node) {
  const folder = join(builds, fingerprint(sources).slice(0, 16));
  const program = join(folder, 'millrace.mjs');
  if (existsSync(program)) return program;
  const fresh = join(builds, `new-${process.pid}`);
  await build('the command line', node, [bundler, fresh]);
  // Whoever has built at the same time has built the same.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  await forgetOldBuilds();
  return program;
}

async function forgetOldBuilds() {
  const names = await readdir(builds);
  const found = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(builds, name))).mtimeMs })));
  const old = found.sort((a, b) => b.at - a.at).slice(kept);
  await Promise.all(old.map(({ name }) => rm(join(builds, name), { recursive: true, force: true })));
}
