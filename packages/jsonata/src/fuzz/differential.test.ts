import fc from 'fast-check';
import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import { Callable } from '../callable.ts';
import { Expression, JsonataError } from '../index.ts';
import { data, expressions } from './expressions.fixture.ts';

/** In the long run a million: `JSONATA_FUZZ_PAIRS=1000000`. */
const pairs = Number(process.env.JSONATA_FUZZ_PAIRS ?? 20_000);
const seed = Number(process.env.JSONATA_FUZZ_SEED ?? 20_261_121);

test(`${pairs} generated expressions over generated data give what jsonata-js gives (seed ${seed})`, async () => {
  const input = fc.record({ a: data, b: data, c: data }).map((each) => JSON.stringify(each));
  const tally = { alike: 0, failed: 0, apart: 0 };
  await fc.assert(
    fc.asyncProperty(expressions, input, async (text, json) => {
      const theirs = losesTuples(text) ? undefined : await theirOutcome(text, json);
      const ours = ourOutcome(text, json);
      if (theirs === undefined) tally.apart++;
      else if ('code' in theirs) tally.failed++;
      else tally.alike++;
      if (theirs !== undefined && !mayDiffer(text, theirs, ours)) expect(ours).toEqual(theirs);
    }),
    { numRuns: pairs, seed },
  );
  console.log(
    `of ${pairs} pairs ${tally.alike} gave a value, ${tally.failed} an error, ${tally.apart} cannot be compared`,
  );
}, 7_200_000);

/** Behind a sort, jsonata-js no longer knows the variables of tuples. */
function losesTuples(text: string): boolean {
  return text.includes('^(') && /[@#%]/.test(text);
}

type Outcome = { readonly value: string | undefined } | { readonly code: string };

/** A missing value taken for the text “undefined”, or `$spread` of a built-in function. */
function showsInside(result: string | undefined): boolean {
  return result !== undefined && /undefined|"signature"/.test(result);
}

/**
 * Nothing where jsonata-js fails by accident (a TypeError of JavaScript's), has written on its input, or shows its own
 * inside.
 */
async function theirOutcome(text: string, json: string): Promise<Outcome | undefined> {
  const input: unknown = JSON.parse(json);
  try {
    const value: unknown = await jsonata(text).evaluate(input);
    const result = written(value);
    return JSON.stringify(input) === json && !showsInside(result) ? { value: result } : undefined;
  } catch (thrown) {
    const { code } = thrown as { code?: string };
    return code === undefined || JSON.stringify(input) !== json ? undefined : { code };
  }
}

function ourOutcome(text: string, json: string): Outcome {
  try {
    return { value: written(new Expression(text).evaluate(JSON.parse(json))) };
  } catch (thrown) {
    if (thrown instanceof JsonataError) return { code: thrown.code };
    throw thrown;
  }
}

/** The differences that `docs/differences.md` lists and that generated expressions run into. */
function mayDiffer(text: string, theirs: Outcome, ours: Outcome): boolean {
  if ('code' in theirs) return 'code' in ours && hasConstructor(text);
  // A missing replacement is the text “undefined” to jsonata-js.
  if ('code' in ours) return ours.code === 'T0410' && text.includes('$replace(');
  return hasConstructor(text) && withoutTrace(theirs.value) === withoutTrace(ours.value);
}

/** jsonata-js evaluates what stands in brackets side by side: of two failures either may come first. */
function hasConstructor(text: string): boolean {
  return /[[{]/.test(text);
}

/** A grouping of an empty list leaves a null behind in jsonata-js, which then goes wherever the list goes. */
function withoutTrace(json: string | undefined): string | undefined {
  return json?.replace(/(?<=[[,])null(?:,|(?=\]))/g, '').replaceAll(',]', ']');
}

function written(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, inner: unknown) => (isFunction(inner) ? 'a function' : inner));
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function' || value instanceof Callable) return true;
  return typeof value === 'object' && value !== null && ('_jsonata_function' in value || '_jsonata_lambda' in value);
}
