/** `npm run bench:mapping`: the compiled JSONata beside jsonata-js and plain JavaScript, on this machine, now. */
import { isDeepStrictEqual } from 'node:util';
import jsonata from 'jsonata';
import { parse } from '../src/front/parse.ts';
import { Expression } from '../src/index.ts';
import { type Case, cases } from './cases.ts';
import { geometricMean, medianOf } from './measure.ts';
import { orderMapping } from './order.ts';
import { doOtherWork } from './other-work.ts';

const otherExpressions = 100_000;
const bars = { mapping: 45, others: 25, byHand: 12, compile: 2 };

interface Row {
  readonly name: string;
  readonly kind: Case['kind'];
  /** Nothing where it cannot do it. */
  readonly theirs: number | undefined;
  readonly ours: number;
  readonly byHand: number;
  readonly bytes: number;
}

console.log(`Evaluating ${otherExpressions.toLocaleString('en')} other expressions first …`);
doOtherWork(otherExpressions);
const rows: Row[] = [];
for (const each of cases()) {
  const row = await measured(each);
  rows.push(row);
  console.log(line(row));
  if (each.withoutTheirs !== undefined) console.log(`  jsonata-js ${each.withoutTheirs}`);
}
process.exitCode = judged(rows, await compileRatio()) ? 0 : 1;

async function measured(each: Case): Promise<Row> {
  const { name, kind, text, input, byHand } = each;
  const ours = new Expression(text);
  const { value, used } = ours.run(input);
  if (!isDeepStrictEqual(Object.keys(byHand(input) as object), Object.keys(value as object))) throw new Error(name);
  return {
    name,
    kind,
    bytes: used.bytes,
    byHand: await medianOf(() => byHand(input)),
    ours: await medianOf(() => ours.evaluate(input)),
    theirs: each.withoutTheirs === undefined ? await theirMedian(each, value) : undefined,
  };
}

async function theirMedian({ name, text, input }: Case, ours: unknown): Promise<number> {
  const theirs = jsonata(text);
  const value: unknown = await theirs.evaluate(input);
  if (JSON.stringify(value) !== JSON.stringify(ours)) throw new Error(`${name}: the results differ.`);
  return medianOf(() => theirs.evaluate(input));
}

function line({ name, theirs, ours, byHand, bytes }: Row): string {
  return [
    name.padEnd(32),
    `jsonata-js ${theirs === undefined ? '     none' : shown(theirs)}`,
    `compiled ${shown(ours)}`,
    `by hand ${shown(byHand)}`,
    `${theirs === undefined ? '   –' : (theirs / ours).toFixed(0).padStart(4)} × jsonata-js`,
    `${(ours / byHand).toFixed(1).padStart(5)} × by hand`,
    `${(bytes / 1e6).toFixed(2).padStart(7)} MB charged`,
  ].join('  ');
}

function shown(ms: number): string {
  return ms < 1 ? `${(ms * 1000).toFixed(1)} µs`.padStart(9) : `${ms.toFixed(1)} ms`.padStart(9);
}

/** What compiling takes besides the parser, which is theirs. */
async function compileRatio(): Promise<number> {
  const whole = await medianOf(() => new Expression(orderMapping));
  const parser = await medianOf(() => jsonata(orderMapping));
  const front = await medianOf(() => parse(orderMapping));
  console.log(`compiling the mapping: ${shown(whole)}, of which parsing ${shown(front)}; jsonata-js ${shown(parser)}`);
  return whole / parser;
}

function judged(all: readonly Row[], compile: number): boolean {
  const ratios = (kind: Case['kind']) =>
    all.flatMap((row) => (row.kind === kind && row.theirs !== undefined ? [row.theirs / row.ours] : []));
  const byHand = all.filter(({ kind }) => kind === 'mapping').map(({ ours, byHand: hand }) => ours / hand);
  const least = Math.min(...ratios('mapping'));
  const mean = geometricMean(ratios('other'));
  const most = Math.max(...byHand);
  const results: [text: string, value: number, holds: boolean][] = [
    [`least on the order mapping (bar: ${bars.mapping})`, least, least >= bars.mapping],
    [`geometric mean of the others (bar: ${bars.others})`, mean, mean >= bars.others],
    [`mapping in times by hand (bar: ${bars.byHand})`, most, most <= bars.byHand],
    [`compiling in times of jsonata’s parse (bar: ${bars.compile})`, compile, compile <= bars.compile],
  ];
  for (const [text, value, holds] of results)
    console.log(`${holds ? 'held  ' : 'missed'} ${text}: ${value.toFixed(1)}`);
  return results.every(([, , holds]) => holds);
}
