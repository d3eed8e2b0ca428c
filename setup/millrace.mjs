#!/usr/bin/env node
/** The command line, `npx millrace …`: runs itself again under Node 24, in the caller's folder. */
import { join } from 'node:path';
import { runInPlace } from './child.mjs';
import { environment, findNode24, requireNode20 } from './node24.mjs';
import { ensurePackages } from './packages.mjs';
import { root, SetupError, say } from './place.mjs';

async function run(args) {
  requireNode20();
  await ensurePackages();
  const cli = join(root, 'runtime', 'cli', 'index.ts');
  return runInPlace(await findNode24(), [cli, ...args], { env: environment() });
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
