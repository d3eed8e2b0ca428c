import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInPlace } from './child.mjs';
import { root, SetupError, say } from './place.mjs';

/** Installs the npm packages that `package-lock.json` names, where they are not there yet. */
export async function ensurePackages() {
  if (await installed()) return;
  say('Installing packages from the npm registry (a minute or two the first time) …');
  const options = ['--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'];
  const code = await npm(['ci', ...options]);
  if (code !== 0) throw new SetupError(`npm ci ended with code ${code}; its messages are above.`);
}

/** npm itself keeps a note of what it has installed, written last; it is compared with what the lock file asks for. */
async function installed() {
  const [wanted, present] = await Promise.all([
    readPackages(join(root, 'package-lock.json')),
    readPackages(join(root, 'node_modules', '.package-lock.json')),
  ]);
  const packages = Object.entries(wanted).filter(([path, entry]) => path.includes('node_modules/') && isNeeded(entry));
  return packages.every(([path, entry]) => present[path]?.version === entry.version && path in present);
}

async function readPackages(file) {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text).packages ?? {};
}

/** Optional packages are needed where they are made for this very system, such as its Node and its PostgreSQL. */
function isNeeded({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return true;
  if (!os || !cpu || libc) return false;
  return [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
}

/** The npm that runs us, otherwise the one on the PATH. */
function npm(args) {
  const ours = process.env.npm_execpath;
  // Its report is progress, not our command's output.
  const options = { cwd: root, stdio: ['inherit', process.stderr, 'inherit'] };
  return ours?.endsWith('.js')
    ? runInPlace(process.execPath, [ours, ...args], options)
    : runInPlace('npm', args, { ...options, shell: process.platform === 'win32' });
}
