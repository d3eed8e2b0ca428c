import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Budget, Expression, JsonataError } from './index.ts';

/** JSONata's own test suite at 2.2.2, kept beside the repository or the folder of its work trees; see its SOURCES.md. */
const places = ['../../../../shared', '../../../../../shared'].map((folder) =>
  fileURLToPath(new URL(`${folder}/conformance/jsonata`, import.meta.url)),
);
const suite = places.find((place) => existsSync(place)) ?? places[0];

interface Case {
  readonly name: string;
  readonly expr: string;
  readonly data?: unknown;
  readonly dataset?: string;
  readonly bindings?: Record<string, unknown>;
  readonly result?: unknown;
  readonly undefinedResult?: boolean;
  readonly unordered?: boolean;
  readonly code?: string;
  readonly error?: { readonly code: string };
  readonly token?: string;
  readonly timelimit?: number;
  readonly depth?: number;
}

/** What the suite's own limits of time and depth are called; the limits are set by its harness, here by the budget. */
const harnessLimit = 'U1001';
/** We count the deepest nesting that a function's text has, the suite only what is evaluated. */
const unevaluatedNesting = 2;
const unlimited = 1e15;

const present = places.some((place) => existsSync(place));
if (!present) console.log(`JSONata's suite is skipped: ${suite} is not there.`);
let passed = 0;
let total = 0;

describe.skipIf(!present)("JSONata's official suite", () => {
  for (const file of present ? readdirSync(`${suite}/groups`) : []) {
    describe(file, () => {
      for (const [index, test] of (read(`groups/${file}`) as Case[]).entries()) {
        total++;
        it(`${test.name}#${index}`, () => {
          expect(sorted(test, outcomeOf(test))).toEqual(sorted(test, expectedOf(test)));
          passed++;
        });
      }
    });
  }
  afterAll(() => console.log(`JSONata's suite: ${passed} of ${total}`));
});

type Outcome = { value: unknown } | { code: unknown; token?: unknown };

function outcomeOf({ expr, data, dataset, bindings = {}, depth, timelimit, token }: Case): Outcome {
  const input = dataset ? read(`datasets/${dataset}.json`) : data;
  const budget: Partial<Budget> = depth === undefined || timelimit === undefined ? {} : harnessBudget(depth, timelimit);
  try {
    return { value: plain(new Expression(expr, { evaluates: true }).evaluate(input, { bindings, budget })) };
  } catch (thrown) {
    if (!(thrown instanceof JsonataError)) throw thrown;
    const code = budget.depth !== undefined && ['D1011', 'D1012'].includes(thrown.code) ? harnessLimit : thrown.code;
    return { code, ...(token !== undefined && { token: thrown.token }) };
  }
}

function harnessBudget(depth: number, timelimit: number): Partial<Budget> {
  return { depth: depth + unevaluatedNesting, deadlineMs: timelimit, fuel: unlimited, bytes: unlimited };
}

/** A result that is a function has no JSON. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function expectedOf({ result, undefinedResult, code, error, token }: Case): Outcome {
  const expectedCode = code ?? error?.code;
  if (expectedCode !== undefined) return { code: expectedCode, ...(token !== undefined && { token }) };
  return { value: undefinedResult ? undefined : result };
}

function sorted({ unordered }: Case, outcome: Outcome): Outcome {
  if (!unordered || !('value' in outcome) || !Array.isArray(outcome.value)) return outcome;
  return { value: outcome.value.toSorted() };
}

const read = (path: string): unknown => JSON.parse(readFileSync(`${suite}/${path}`, 'utf8'));
