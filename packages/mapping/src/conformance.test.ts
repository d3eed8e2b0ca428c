import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Json } from '@millrace/contract';
import { readJson } from '@millrace/contract';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';

/** JSONata's own test suite at 2.2.2, kept beside the repository; see its SOURCES.md. */
const suite = fileURLToPath(new URL('../../../../shared/conformance/jsonata', import.meta.url));

interface Case {
  readonly name: string;
  readonly expr: string;
  readonly data?: Json;
  readonly dataset?: string;
  readonly bindings?: Record<string, Json>;
  readonly result?: Json;
  readonly undefinedResult?: boolean;
  readonly unordered?: boolean;
  readonly code?: string;
  readonly error?: { readonly code: string };
}

const evalOff = '$eval is off in flows';

/** Cases that rightly answer otherwise here, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'function-eval/case000#0': evalOff,
  'function-eval/case002#2': evalOff,
  'function-eval/case003#3': evalOff,
  'function-eval/case004#4': evalOff,
  'function-eval/case005#5': evalOff,
  'function-eval/case006#6': evalOff,
  'function-eval/case007#7': evalOff,
  'function-eval/case008#8': evalOff,
  'function-eval/case008#9': evalOff,
  'function-eval/case008#10': evalOff,
  'function-eval/case008#11': evalOff,
  'tail-recursion/case002#2': 'needs the depth limit of the suite’s harness; here the recursion is allowed',
  'tail-recursion/case005#5': 'needs the depth limit of the suite’s harness; here D1011 comes of our own, deeper one',
};

/** Cases that never end without the time limit of the suite's harness; the evaluator's deadline is tested beside it. */
const endless: Readonly<Record<string, string>> = {
  'tail-recursion/case006#6': 'needs the time limit of the suite’s harness',
};

const present = existsSync(suite);
if (!present) console.log(`JSONata's suite is skipped: ${suite} is not there.`);

describe.skipIf(!present)("JSONata's official suite", () => {
  for (const file of present ? readdirSync(`${suite}/groups`) : []) {
    describe(file, () => {
      for (const [index, test] of (read(`groups/${file}`) as unknown as Case[]).entries()) {
        const name = `${file.replace('.json', '')}/${test.name}#${index}`;
        it.skipIf(name in endless)(`${name} ${exceptions[name] ?? endless[name] ?? ''}`, () =>
          hold(test, name in exceptions),
        );
      }
    });
  }
});

async function hold(test: Case, differs: boolean): Promise<void> {
  const outcome = await outcomeOf(test);
  const expected = expectedOf(test);
  if (differs) expect(sorted(test, outcome)).not.toEqual(sorted(test, expected));
  else expect(sorted(test, outcome)).toEqual(sorted(test, expected));
}

type Outcome = { value: unknown } | { code: unknown };

async function outcomeOf({ expr, data, dataset, bindings }: Case): Promise<Outcome> {
  const input = dataset ? read(`datasets/${dataset}.json`) : data;
  try {
    const task = { text: expr, bindings: bindings ?? {}, now: '2026-11-21T10:00:00Z', seed: 'suite' };
    return { value: await evaluate({ ...task, input: input as Json }) };
  } catch (thrown) {
    return { code: (thrown as { options?: { details?: { jsonata?: string } } }).options?.details?.jsonata };
  }
}

function expectedOf({ result, undefinedResult, code, error }: Case): Outcome {
  const expectedCode = code ?? error?.code;
  if (expectedCode !== undefined) return { code: expectedCode };
  return { value: undefinedResult ? undefined : result };
}

function sorted({ unordered }: Case, outcome: Outcome): Outcome {
  if (!unordered || !('value' in outcome) || !Array.isArray(outcome.value)) return outcome;
  return { value: outcome.value.toSorted() };
}

const read = (path: string): Json => readJson(readFileSync(`${suite}/${path}`, 'utf8'));
