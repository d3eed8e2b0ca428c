/**
 * `npm run attacks`: tries every attack of the design's list against a running instance, and prints a line for each.
 * `-- --only 18-29,93` tries some. Ends with 1 where one fell.
 */
import { type Attack, fell, type Verdict } from './attack.ts';
import { cases } from './cases/cases.ts';
import { readOptions } from './options.ts';
import { joined, resultLine, summary } from './report.ts';
import { listenForSilence } from './target/silence.ts';
import { openTargets, type Targets } from './target/targets.ts';
import { runTests, type TestResults } from './target/tests.ts';

/** An attack that is not over by then has held up the system. */
const patienceMs = 120_000;
/** Half of a lease: whoever is silent for longer may lose runs to others, and holds up everybody. */
const longestSilenceMs = 5_000;

const { only } = readOptions(process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const chosen = cases.filter(({ number }) => only?.includes(number) ?? true);
const testing = runTests(chosen.flatMap(({ tests = [] }) => tests));
testing.catch(() => undefined);
const targets = await openTargets();
try {
  process.exitCode = await tryAll(targets, testing);
} finally {
  await targets.close();
}
// What an attack has left open may still hold a handle.
process.exit();

/** Answers the exit code. */
async function tryAll(targets: Targets, testing: Promise<TestResults>): Promise<number> {
  const verdicts: Verdict[] = [];
  for (const [index, trying] of inTurn(chosen, targets).entries()) {
    const attack = chosen[index] as Attack;
    const verdict = joined([...(await trying), ...byTests(attack, await testing)]);
    verdicts.push(verdict);
    console.log(resultLine(attack, verdict));
  }
  const { text, fell } = summary(verdicts);
  console.log(text);
  return fell > 0 ? 1 : 0;
}

/** One after the other, while the tests still run. */
function inTurn(attacks: readonly Attack[], targets: Targets): Promise<Verdict[]>[] {
  let last: Promise<unknown> = Promise.resolve();
  return attacks.map((attack) => {
    const trying = last.then(() => tryOne(attack, targets));
    last = trying;
    return trying;
  });
}

/** Whatever an attack was answered: meanwhile the instance must serve everybody else, and afterwards as before. */
async function tryOne(attack: Attack, targets: Targets): Promise<Verdict[]> {
  if (!attack.try) return [];
  const listening = listenForSilence(targets);
  const verdict = await Promise.race([attack.try(targets), tooLate()]).catch((error: Error) => fell(error.message));
  const silenceMs = await listening.stop();
  const silent = fell(`meanwhile it answered nobody for ${(silenceMs / 1000).toFixed(1)} s`);
  const trouble = await targets.trouble();
  return [
    verdict,
    ...(silenceMs > longestSilenceMs ? [silent] : []),
    ...(trouble === undefined ? [] : [fell(trouble)]),
  ];
}

function byTests({ tests = [] }: Attack, results: TestResults): Verdict[] {
  return tests.map((reference) => results.verdictOf(reference));
}

async function tooLate(): Promise<Verdict> {
  await new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
  return fell(`it was not over after ${patienceMs / 1000} s`);
}
