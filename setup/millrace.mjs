#!/usr/bin/env node
/** The command line, `npx millrace …`: runs itself again under Node 24, in the caller's folder. */
import { runInPlace } from './child.mjs';
import { environment, findNode24, requireNode20 } from './node24.mjs';
import { ensurePackages } from './packages.mjs';
import { SetupError, say } from './place.mjs';
import { ensureProgram } from './program.mjs';

async function run(args) {
  requireNode20();
  await ensurePackages();
  const node = await findNode24();
  return runInPlace(node, [await ensureProgram(node), ...args], { env: environment() });
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
