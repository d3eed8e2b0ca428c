/**
 * `npm start` and `npm test`, as the first command in a fresh clone too: plain JavaScript without dependencies, for
 * Node 20 and newer. It brings what is missing, then goes on under Node 24.
 */
import { runInPlace } from './child.mjs';
import { environment, findNode24, requireNode20 } from './node24.mjs';
import { ensurePackages } from './packages.mjs';
import { root, SetupError, say } from './place.mjs';
import { ensureProgram } from './program.mjs';
import { ensureStudio } from './studio.mjs';
import { ensureTestPrograms } from './test-programs.mjs';
import { runTests } from './tests.mjs';

async function start(node, args) {
  await ensureStudio(node);
  const program = await ensureProgram(node);
  return runInPlace(node, [program, 'serve', '--demo', ...args], { cwd: root, env: environment() });
}

/** A studio that does not build fails the tests that open it; the others are run. */
async function test(node, args) {
  await ensureStudio(node).catch(tell);
  await ensureProgram(node);
  await ensureTestPrograms();
  return runTests(node, args);
}

const commands = new Map([
  ['start', start],
  ['test', test],
]);

async function run([name, ...args]) {
  const command = commands.get(name);
  if (!command) throw new SetupError('Usage: node setup/run.mjs start|test [arguments]');
  requireNode20();
  await ensurePackages();
  return command(await findNode24(), args);
}

/** What the reader can mend is one sentence; everything else is a fault of ours. */
function tell(error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  tell(error);
  process.exitCode = 1;
}
