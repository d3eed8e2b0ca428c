/**
 * `npm run faults`: breaks what the engine stands on, and looks whether it kept its promises.
 * `-- --long` tries longer, `-- T1 commerce` some, `-- --seed N` the same again, `-- --planted` whether known bugs are found.
 */
import { cases } from './cases/cases.ts';
import type { Fault, FaultContext, Finding } from './fault.ts';
import { type FaultOptions, readOptions } from './options.ts';
import { type DatabaseServer, startDatabaseServer } from './parts/database-server.ts';
import { ServerNotStarted } from './parts/installation.ts';
import { requirePlantable } from './planted/apply.ts';
import { type PlantedBug, plantedBugs } from './planted/changes.ts';
import { createRandom } from './random.ts';
import { resultLine, verdict } from './report.ts';

const options = readOptions(process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
console.log(`Seed ${options.seed} (npm run faults -- --seed ${options.seed})`);
const chosen = chooseFaults(options);
const database = await startDatabaseServer();
try {
  process.exitCode = options.planted ? await tryPlanted(database) : await tryAll(database);
} finally {
  await database.stop();
}
// What a fault has cut may still hold a handle.
process.exit();

function chooseFaults({ only }: FaultOptions): readonly Fault[] {
  const unknown = only?.filter((name) => !cases.some((fault) => isCalled(fault, name))) ?? [];
  if (unknown.length > 0) throw new TypeError(`There is no fault ${unknown.join(', ')}.`);
  return only ? cases.filter((fault) => only.some((name) => isCalled(fault, name))) : cases;
}

function isCalled({ id, name: second }: Fault, name: string): boolean {
  return name === id || name === second;
}

/** Answers the exit code. */
async function tryAll(database: DatabaseServer): Promise<number> {
  const findings: Finding[] = [];
  for (const fault of chosen) {
    const started = performance.now();
    const finding = await tryOne(fault, contextOf(database, fault));
    findings.push(finding);
    console.log(resultLine(fault, finding, performance.now() - started));
    for (const problem of finding.problems.slice(0, 10)) console.log(`      ${problem}`);
  }
  const { text, fell } = verdict(findings);
  console.log(text);
  return fell > 0 ? 1 : 0;
}

/** A known bug that no fault finds is a fault of this harness. */
async function tryPlanted(database: DatabaseServer): Promise<number> {
  let missed = 0;
  const bugs = plantedBugs.filter((bug) => chosen.some(({ id }) => bug.foundBy.includes(id)));
  for (const { change } of bugs) requirePlantable(change);
  for (const bug of bugs) {
    const by = await foundBy(bug, database);
    if (by === undefined) missed++;
    console.log(by === undefined ? `MISSED  ${bug.title}` : `found   ${bug.title}: ${by}`);
  }
  console.log(`planted ${bugs.length}, found ${bugs.length - missed}`);
  return missed > 0 ? 1 : 0;
}

/** @throws {ServerNotStarted} where the bug is too large to be one: it would be found by anybody */
async function foundBy({ change, foundBy }: PlantedBug, database: DatabaseServer): Promise<string | undefined> {
  for (const fault of chosen.filter(({ id }) => foundBy.includes(id))) {
    const { problems, notStarted } = await tryOne(fault, { ...contextOf(database, fault), planted: change });
    if (notStarted) throw notStarted;
    if (problems.length > 0) return `${fault.id}, ${problems[0]}`;
  }
  return undefined;
}

/** Each fault has chances of its own, so that trying it alone gives the same as trying it among all. */
function contextOf(database: DatabaseServer, { id }: Fault): FaultContext {
  const { seed, long } = options;
  const own = seed + 7919 * Number(id.slice(1));
  return { database, seed, long, random: createRandom(own), tell: (line) => console.log(`      ${line}`) };
}

/** A fault whose course itself breaks off has fallen: something that it awaited has not come about. */
async function tryOne(fault: Fault, context: FaultContext): Promise<Finding & { notStarted?: ServerNotStarted }> {
  try {
    return await fault.run(context);
  } catch (error) {
    const broken = { problems: [(error as Error).message], facts: '' };
    return error instanceof ServerNotStarted ? { ...broken, notStarted: error } : broken;
  }
}
