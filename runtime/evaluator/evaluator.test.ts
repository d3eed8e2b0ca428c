import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Json } from '@millrace/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { noMetrics } from '../metrics/metrics.ts';
import { type Evaluator, type EvaluatorOptions, startEvaluator } from './evaluator.ts';
import type { EvaluationTask } from './protocol.ts';

const started: Evaluator[] = [];
afterEach(() => Promise.all(started.splice(0).map((evaluator) => evaluator.close())));

function start(options: EvaluatorOptions = {}): Evaluator {
  const evaluator = startEvaluator({ processes: 1, timeoutMs: 1000, memoryMb: 96, inline: false, ...options });
  started.push(evaluator);
  return evaluator;
}

const expression = (text: string, input: Json = {}, seed = 's'): EvaluationTask => ({
  kind: 'expression',
  text,
  input,
  bindings: {},
  now: '2026-11-21T10:00:00Z',
  seed,
});
/** Takes longer than anybody lives. */
const endless: EvaluationTask = { kind: 'validate', schema: { pattern: '^(a+)+$' }, data: `${'a'.repeat(60)}!` };
const greedy = expression('$count($map([1..9000000], function($n) { [$n, $n, $n] }))');

describe('the evaluator', () => {
  it('answers every task of a batch in order, with its value, its absence or its failure', async () => {
    const tasks = [expression('1 + 1'), expression('missing'), expression('1 +'), expression('$required(x, "/a/b")')];
    expect(await start().evaluate('a', tasks)).toEqual([
      { ok: true, value: 2 },
      { ok: true },
      {
        ok: false,
        error: expect.objectContaining({ code: 'EXPRESSION_PARSE', details: { jsonata: 'S0207', position: 3 } }),
      },
      { ok: false, error: expect.objectContaining({ code: 'FIELD_REQUIRED', pointer: '/a/b' }) },
    ]);
    expect(await start().evaluate('a', [])).toEqual([]);
  });

  it('gives the same time and chance in every process for the same activation', async () => {
    const task = expression('[$now(), $random(), $shuffle([1..50])]');
    const [one, other] = [await start().evaluate('a', [task]), await start().evaluate('b', [task])];
    expect(other).toEqual(one);
    expect(
      await start().evaluate('a', [expression('[$now(), $random(), $shuffle([1..50])]', {}, 'other')]),
    ).not.toEqual(one);
  });

  it('carries text of every kind and large payloads', async () => {
    const text = 'line\nline\u2028 "quoted" \u{1f600} \0';
    const lines = Array.from({ length: 20_000 }, (_, n) => ({ n, text }));
    expect(await start({ timeoutMs: 10_000 }).evaluate('a', [expression('$', { lines })])).toEqual([
      { ok: true, value: { lines } },
    ]);
  });

  it('ends a batch at its deadline and goes on with a new process', async () => {
    const evaluator = start();
    const [[hung], [next]] = await Promise.all([
      evaluator.evaluate('bad', [endless]),
      evaluator.evaluate('good', [expression('1')]),
    ]);
    expect(hung).toEqual({
      ok: false,
      error: expect.objectContaining({ code: 'EXPRESSION_TIMEOUT', category: 'transient' }),
    });
    expect(next).toEqual({ ok: true, value: 1 });
  });

  it('runs again what waited behind the batch that was ended, and gives its tenant a process of its own', async () => {
    const evaluator = start();
    await evaluator.evaluate('bad', [expression('1')]);
    const results = await Promise.all([
      evaluator.evaluate('bad', [endless]),
      evaluator.evaluate('bad', [expression('2')]),
      evaluator.evaluate('bad', [expression('3')]),
    ]);
    expect(results.slice(1)).toEqual([[{ ok: true, value: 2 }], [{ ok: true, value: 3 }]]);
    await evaluator.evaluate('good', [expression('1')]);
    const hung = evaluator.evaluate('bad', [endless]);
    expect(await evaluator.evaluate('good', [expression('4')])).toEqual([{ ok: true, value: 4 }]);
    expect(await Promise.race([hung, Promise.resolve('still running')])).toBe('still running');
    await hung;
  });

  it('ends a batch that needs too much memory', async () => {
    const evaluator = start({ timeoutMs: 20_000 });
    expect(await evaluator.evaluate('bad', [greedy])).toEqual([
      { ok: false, error: expect.objectContaining({ code: 'EXPRESSION_MEMORY', category: 'validation' }) },
    ]);
    expect(await evaluator.evaluate('good', [expression('1')])).toEqual([{ ok: true, value: 1 }]);
  });

  it('refuses a result that is too large, and no other of the batch', async () => {
    const tasks = [expression('1'), expression(`$pad("", 9000, "é")`), expression(`$pad("", 9000, "e")`)];
    const results = await start({ maxOutputBytes: 10_000 }).evaluate('a', tasks);
    expect(results).toEqual([
      { ok: true, value: 1 },
      { ok: false, error: expect.objectContaining({ code: 'EXPRESSION_OUTPUT_TOO_LARGE' }) },
      { ok: true, value: 'e'.repeat(9000) },
    ]);
  });

  it('refuses data that is nested too deeply to travel, and goes on', async () => {
    const evaluator = start();
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as Json;
    expect(await evaluator.evaluate('a', [expression('1', deep)])).toEqual([
      { ok: false, error: expect.objectContaining({ code: 'DATA_TOO_DEEP', category: 'validation' }) },
    ]);
    expect(await evaluator.evaluate('a', [expression('1')])).toEqual([{ ok: true, value: 1 }]);
  });

  it('takes tenants in turn', async () => {
    const evaluator = start();
    await evaluator.evaluate('one', [expression('1')]);
    const order: string[] = [];
    const many = Array.from({ length: 20 }, () =>
      evaluator.evaluate('one', [expression('1')]).then(() => order.push('one')),
    );
    const other = evaluator.evaluate('other', [expression('1')]).then(() => order.push('other'));
    await Promise.all([...many, other]);
    expect(order.indexOf('other')).toBeLessThan(4);
  });

  it('answers what waits when it is closed, and everything after', async () => {
    const evaluator = start();
    const waiting = [evaluator.evaluate('a', [endless]), evaluator.evaluate('b', [expression('1')])];
    await evaluator.close();
    const closed = [{ ok: false, error: expect.objectContaining({ code: 'EVALUATOR_CLOSED', category: 'cancelled' }) }];
    expect(await Promise.all(waiting)).toEqual([closed, closed]);
    expect(await evaluator.evaluate('a', [expression('1')])).toEqual(closed);
  });
});

describe('where something is evaluated', () => {
  /** What was counted: `engine value`, `guarded value`, and `left: reason`. */
  function counting(options: EvaluatorOptions = {}) {
    const counts: string[] = [];
    const metrics = {
      ...noMetrics,
      evaluated: (_seconds: number, outcome: string, place: string) => void counts.push(`${place} ${outcome}`),
      guarded: (reason: string) => void counts.push(`left: ${reason}`),
    };
    return { counts, evaluator: start({ inline: true, metrics, ...options }) };
  }

  it('is this process as long as it needs little', async () => {
    const { counts, evaluator } = counting();
    for (const text of ['1 + 1', '1 + "a"', '1 +']) await evaluator.evaluate('a', [expression(text)]);
    expect(counts).toEqual(['engine value', 'engine error', 'engine error']);
  });

  it('is this process for data that fits its JSON Schema, and a guarded one for a regular expression that can take any time', async () => {
    const { counts, evaluator } = counting();
    const ahead = expression('$match(id, /PO-(?=47)/).index', { id: 'PO-12, PO-47' });
    expect(await evaluator.evaluate('a', [{ kind: 'validate', schema: {}, data: 1 }])).toEqual([
      { ok: true, value: [] },
    ]);
    expect(await evaluator.evaluate('a', [ahead])).toEqual([{ ok: true, value: 7 }]);
    expect(counts).toEqual(['engine value', 'left: regex', 'guarded value']);
  });

  it('is a guarded one from then on for what needed more than this process allows', async () => {
    const { counts, evaluator } = counting({ timeoutMs: 20_000 });
    const text = '$sum($map([1..n], function($n) { $n * $n })) > 0';
    expect(evaluator.isCostly(text)).toBe(false);
    expect(await evaluator.evaluate('a', [expression(text, { n: 1_000_000 })])).toEqual([{ ok: true, value: true }]);
    expect(await evaluator.evaluate('a', [expression(text, { n: 1 })])).toEqual([{ ok: true, value: true }]);
    expect(counts).toEqual(['left: budget', 'guarded value', 'left: budget', 'guarded value']);
    expect(evaluator.isCostly(text)).toBe(true);
  });
});

describe('the processes of the evaluator', () => {
  const module = JSON.stringify(new URL('./evaluator.ts', import.meta.url).href);
  const script = (work: string) => `import { startEvaluator } from ${module};
    const evaluator = startEvaluator({ processes: 1, timeoutMs: 60000, inline: false });
    const run = (text) => evaluator.evaluate('a', [{ kind: 'expression', text, input: {}, bindings: {}, now: '2026-11-21T10:00:00Z', seed: '' }]);
    ${work}`;
  const launch = (work: string) =>
    spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script(work)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  it('do not keep the server from ending', async () => {
    const server = launch(`console.log(JSON.stringify(await run('1 + 1')));`);
    const [output] = await once(server.stdout.setEncoding('utf8'), 'data');
    const [code] = await once(server, 'exit');
    expect([code, JSON.parse(output as string)]).toEqual([0, [{ ok: true, value: 2 }]]);
  });

  it('end with the server, even in the middle of an endless expression', async () => {
    const server = launch(
      `await run('1'); console.log('warm'); await run('($f := function($x) { $f($x + 1) }; $f(1))');`,
    );
    await once(server.stdout, 'data');
    const children = childrenOf(server.pid ?? 0);
    expect(children).toHaveLength(1);
    server.kill('SIGKILL');
    await expect.poll(() => children.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
