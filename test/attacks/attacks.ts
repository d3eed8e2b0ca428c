/**
 * `npm run attacks`: tries every attack of the design's list against a running instance, and prints a line for each.
 * `-- --only 18-29,93` tries some. Ends with 1 where one fell.
 */
import { type Attack, fell, type Verdict } from './attack.ts';
import { cases } from './cases/cases.ts';
import { readOptions } from './options.ts';
import { joined, resultLine, summary } from './report.ts';
import { openTargets, type Targets } from './target/targets.ts';
import { runTests, type TestResults } from './target/tests.ts';

/** An attack that is not over by then has held up the system. */
const patienceMs = 120_000;

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
  for (const attack of chosen) {
    const verdict = joined([...(await tryOne(attack, targets)), ...byTests(attack, await testing)]);
    verdicts.push(verdict);
    console.log(resultLine(attack, verdict));
  }
  const { text, fell } = summary(verdicts);
  console.log(text);
  return fell > 0 ? 1 : 0;
}

/** Whatever an attack was answered: afterwards the instance must serve as before. */
async function tryOne(attack: Attack, targets: Targets): Promise<Verdict[]> {
  if (!attack.try) return [];
  const verdict = await Promise.race([attack.try(targets), tooLate()]).catch((error: Error) => fell(error.message));
  const trouble = await targets.trouble();
  return trouble === undefined ? [verdict] : [verdict, fell(trouble)];
}

function byTests({ tests = [] }: Attack, results: TestResults): Verdict[] {
  return tests.map((reference) => results.verdictOf(reference));
}

async function tooLate(): Promise<Verdict> {
  await new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
  return fell(`it was not over after ${patienceMs / 1000} s`);
}
