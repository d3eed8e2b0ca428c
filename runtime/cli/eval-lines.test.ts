import { afterAll, expect, test } from 'vitest';
import { startEvaluator } from '../evaluator/evaluator.ts';
import type { EvaluationTask } from '../evaluator/protocol.ts';
import { answerLines } from './eval-lines.ts';

const evaluator = startEvaluator({
  processes: 1,
  timeoutMs: 800,
  memoryMb: 96,
  maxOutputBytes: 100_000,
  inline: false,
});
afterAll(() => evaluator.close());

/** Calls of the evaluator, by how many lines each brought. */
const calls: number[] = [];
const evaluate = (tasks: readonly EvaluationTask[]) => {
  calls.push(tasks.length);
  return evaluator.evaluate('a', tasks);
};

async function answersTo(chunks: Iterable<string>): Promise<unknown[]> {
  let text = '';
  for await (const part of answerLines(chunks, evaluate, '2026-11-21T10:00:00Z')) text += part;
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as unknown);
}

const line = (expr: string, input: unknown = 1) => `${JSON.stringify({ expr, input })}\n`;

test('lines may be cut anywhere, and the last may lack its end', async () => {
  const text = [1, 2, 3].map((n) => line('$ & "é\n"', n)).join('');
  const expected = ['1é\n', '2é\n', '3é\n'].map((result) => ({ result }));
  expect(await answersTo(text.trimEnd().match(/.{1,5}/gs) ?? [])).toEqual(expected);
  expect(await answersTo(text)).toEqual(expected);
  expect(await answersTo([])).toEqual([]);
});

test('many lines travel together', async () => {
  calls.length = 0;
  const lines = Array.from({ length: 2000 }, (_, n) => line('$', n));
  expect(await answersTo([lines.join('')])).toEqual(lines.map((_, result) => ({ result })));
  expect(calls.length).toBeLessThan(40);
});

test('a line that takes too long, too much memory or room spoils no other of its batch', async () => {
  const lines = [
    line('($f := function($x) { $f($x + 1) }; $f(1))'),
    line('($f := function($l) { $f($append($l, [1..100000])) }; $f([]))'),
    line('$pad("", 200000, "x")'),
    line('$length($pad("", 60000, "x") & $pad("", 60000, "y"))'),
  ];
  const good = Array.from({ length: 40 }, (_, n) => line('$', n));
  const answers = await answersTo([[...good, ...lines, ...good].join('')]);
  const values = good.map((_, result) => ({ result }));
  const failed = (code: unknown) => ({ error: { code, message: expect.any(String) } });
  expect(answers).toEqual([
    ...values,
    failed('EXPRESSION_TIMEOUT'),
    failed(expect.stringMatching(/^EXPRESSION_(MEMORY|TIMEOUT)$/)),
    failed('EXPRESSION_OUTPUT_TOO_LARGE'),
    { result: 120_000 },
    ...values,
  ]);
}, 30_000);

test('results that are too large only together come all the same', async () => {
  const lines = Array.from({ length: 60 }, () => line('$pad("", 30000, "x")'));
  expect(await answersTo([lines.join('')])).toEqual(lines.map(() => ({ result: 'x'.repeat(30_000) })));
});

test('every line has chances of its own, and the same again', async () => {
  const lines = [line('$random()'), line('$random()')].join('');
  const [first, second] = await answersTo([lines]);
  expect(second).not.toEqual(first);
  expect(await answersTo([lines])).toEqual([first, second]);
});
