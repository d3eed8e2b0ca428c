import { delimiter, join } from 'node:path';
import { capture } from './child.mjs';
import { root, SetupError } from './place.mjs';
import { findProgram, isExecutable } from './programs.mjs';

const needed = 24;
const binFolder = join(root, 'node_modules', '.bin');

/** Refuses a Node with which not even the set-up runs. */
export function requireNode20() {
  if (major(process.version) < 20)
    throw new SetupError(`Node ${process.version} is too old; install Node 20 or newer.`);
}

/**
 * A Node that runs Millrace: the one that came with the packages (Linux on x64 and arm64), this one, or the PATH's.
 * @returns {Promise<string>} path of the program
 */
export async function findNode24() {
  const pinned = join(binFolder, 'node');
  if (isExecutable(pinned)) return pinned;
  if (major(process.version) >= needed) return process.execPath;
  const onPath = findProgram('node');
  const { output } = onPath ? await capture(onPath, ['--version']) : { output: '' };
  if (major(output) >= needed) return onPath;
  throw new SetupError(
    `Millrace runs on Node ${needed} or newer, and this is ${process.version}. For ${process.platform} on ${process.arch} it does not bring its own: install it from https://nodejs.org and start again.`,
  );
}

/**
 * Our environment with the packages' programs (that Node among them) before all others. What Node makes of the sources it keeps,
 * so that the next start does not make it again.
 */
export function environment() {
  return {
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'),
    ...process.env,
    PATH: `${binFolder}${delimiter}${process.env.PATH ?? ''}`,
  };
}

function major(version) {
  return Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
}
