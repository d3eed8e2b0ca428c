import { afterAll, describe, expect, it } from 'vitest';
import { type Case, inputOf, suiteFiles, suiteIsThere } from './conformance.fixture.ts';
import { type Budget, Expression, JsonataError } from './index.ts';

/** What the suite's own limits of time and depth are called; the limits are set by its harness, here by the budget. */
const harnessLimit = 'U1001';
/** We count the deepest nesting that a function's text has, the suite only what is evaluated. */
const unevaluatedNesting = 2;
const unlimited = 1e15;

let passed = 0;
let total = 0;

describe.skipIf(!suiteIsThere)("JSONata's official suite", () => {
  for (const [file, cases] of suiteFiles()) {
    describe(file, () => {
      for (const [index, test] of cases.entries()) {
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

function outcomeOf(test: Case): Outcome {
  const { expr, bindings = {}, depth, timelimit, token } = test;
  const budget: Partial<Budget> = depth === undefined || timelimit === undefined ? {} : harnessBudget(depth, timelimit);
  try {
    return { value: plain(new Expression(expr, { evaluates: true }).evaluate(inputOf(test), { bindings, budget })) };
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
