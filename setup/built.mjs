import { createHash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from './child.mjs';
import { environment } from './node24.mjs';
import { root, SetupError, say } from './place.mjs';

/**
 * Runs what builds something out of sources, and tells people that it takes a while.
 * @param {string} name what people call it
 * @param {string} node
 * @param {string[]} args
 * @param {string} cwd
 * @throws {SetupError} with what the build says
 */
export async function build(name, node, args, cwd = root) {
  say(`Building ${name} …`);
  const { code, output } = await capture(node, args, { cwd, env: { ...environment(), NODE_ENV: 'production' } });
  if (code !== 0) throw new SetupError(`Building ${name} failed:\n${output.trim()}`);
}

/**
 * Another one when one of the sources is. By sizes and times: contents would be read for half a second before every command.
 * @param {string[]} sources files and folders, from the root
 */
export function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const source of sources) addTo(hash, source);
  return hash.digest('hex');
}

function addTo(hash, path) {
  const found = lstatSync(join(root, path));
  if (!found.isDirectory()) return void hash.update(`${path}\0${found.size}\0${found.mtimeMs}\0`);
  const names = readdirSync(join(root, path)).filter((name) => name !== 'node_modules' && name !== 'dist');
  for (const name of names.sort()) addTo(hash, `${path}/${name}`);
}
