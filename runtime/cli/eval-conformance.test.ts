import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isObject, type Json, type JsonObject, readJson, writeJson } from '@millrace/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEvaluator } from '../evaluator/evaluator.ts';
import { answerLines } from './eval-lines.ts';

/** JSONata's own test suite at 2.2.2, kept beside the repository; see its SOURCES.md. */
const suite = fileURLToPath(new URL('../../../shared/conformance/jsonata', import.meta.url));

interface Case {
  readonly name: string;
  readonly expr: string;
  readonly data?: Json;
  readonly dataset?: string;
  readonly bindings?: JsonObject;
  readonly result?: Json;
  readonly undefinedResult?: boolean;
  readonly unordered?: boolean;
  readonly code?: string;
  readonly error?: { readonly code: string };
}

const evalOff = { error: { code: 'EXPRESSION_EVAL_OFF' } };
/** Number 1 runs no text at all. */
const evalCases = ['0', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'];

/** Cases that rightly answer otherwise here: `$eval` is off, and the suite's harness has a limit of depth and of time. */
const exceptions: Readonly<Record<string, object>> = {
  ...Object.fromEntries(evalCases.map((index) => [`function-eval#${index}`, evalOff])),
  'tail-recursion#2': { result: expect.closeTo(9.33262154439441e157, -145) },
  'tail-recursion#5': { error: { code: 'D1011' } },
  'tail-recursion#6': { error: { code: 'EXPRESSION_TIMEOUT' } },
};

const present = existsSync(suite);
if (!present) console.log(`JSONata's suite is skipped: ${suite} is not there.`);

describe.skipIf(!present)("JSONata's official suite, a case a line through the guarded evaluator", () => {
  const groups = present ? readdirSync(`${suite}/groups`).map((file) => file.replace('.json', '')) : [];
  const cases = groups.flatMap((group) =>
    (read(`groups/${group}`) as unknown as Case[]).map((test, index) => ({ test, id: `${group}#${index}` })),
  );
  const answers = new Map<string, Json>();

  beforeAll(async () => {
    const evaluator = startEvaluator({ processes: 1, timeoutMs: 15_000 });
    const evaluate = (tasks: Parameters<typeof evaluator.evaluate>[1]) => evaluator.evaluate('suite', tasks);
    const questions = cases.map(({ test }) => `${question(test)}\n`);
    let text = '';
    for await (const lines of answerLines(
      questions.join('').match(/.{1,65536}/gs) ?? [],
      evaluate,
      '2026-11-21T10:00:00Z',
    ))
      text += lines;
    await evaluator.close();
    const lines = text.split('\n').slice(0, -1);
    expect(lines).toHaveLength(cases.length);
    for (const [index, { id }] of cases.entries()) answers.set(id, readJson(lines[index] ?? ''));
  }, 120_000);

  it.each(cases)('$id $test.name', ({ id, test }) => {
    const expected = exceptions[id] ?? expectedOf(test);
    expect(sorted(test, withoutMessage(answers.get(id)))).toStrictEqual(sorted(test, expected));
  });
});

function question({ expr, data, dataset, bindings }: Case): string {
  const input = dataset ? read(`datasets/${dataset}`) : data;
  return writeJson({ expr, ...(input !== undefined && { input }), ...(bindings && { bindings }) });
}

function expectedOf({ result, undefinedResult, code, error }: Case): object {
  const expectedCode = code ?? error?.code;
  if (expectedCode !== undefined) return { error: { code: expectedCode } };
  return undefinedResult ? {} : { result };
}

/** Sentences are ours, not the suite's. */
function withoutMessage(answer: Json | undefined): object {
  const { error, ...value } = answer as JsonObject;
  return isObject(error) ? { error: { code: error.code } } : value;
}

function sorted({ unordered }: Case, answer: object): object {
  const { result } = answer as { result?: unknown };
  return unordered && Array.isArray(result) ? { result: result.toSorted() } : answer;
}

function read(path: string): Json {
  return readJson(readFileSync(`${suite}/${path}.json`, 'utf8'));
}
