import { ExactNumber, type Json, readJson, writeJson } from '@millrace/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { startEvaluator } from './evaluator.ts';
import type { EvaluationResult, EvaluationTask } from './protocol.ts';

/** The attacks on expressions that an instance must withstand, each while a neighbour's evaluations go on. */
const evaluator = startEvaluator({ processes: 2, memoryMb: 96, timeoutMs: 1500, maxOutputBytes: 4_000_000 });
afterAll(() => evaluator.close());

const expression = (text: string, input: Json = {}): EvaluationTask => ({
  kind: 'expression',
  text,
  input,
  bindings: { trigger: { id: 1 } },
  now: '2026-11-21T10:00:00Z',
  seed: 'attack',
});

/** Performs the attack of one tenant while another one works on; gives the attacker's result. */
async function under(task: EvaluationTask, tenant = 'mallory'): Promise<EvaluationResult> {
  const attack = new AbortController();
  const neighbour = (async () => {
    do {
      const [result] = await evaluator.evaluate('alice', [
        expression('$sum(a) + $count($shuffle([1..9]))', { a: [1, 2] }),
      ]);
      expect(result).toEqual({ ok: true, value: 12 });
    } while (!attack.signal.aborted);
  })();
  const [result] = await evaluator.evaluate(tenant, [task]);
  attack.abort();
  await neighbour;
  return result ?? expect.fail('no result');
}

const failed = (code: string) => ({ ok: false, error: expect.objectContaining({ code }) });
const contained = (...codes: string[]) => ({
  ok: false,
  error: { code: expect.toSatisfy((code) => codes.includes(code)) },
});

describe('attacks on expressions', () => {
  it.each<[string, string, string[]]>([
    ['1 a tail-recursive loop', '($f := function($x) { $f($x + 1) }; $f(1))', ['EXPRESSION_TIMEOUT']],
    [
      '2 Ackermann',
      '($a := function($m, $n) { $m = 0 ? $n + 1 : $n = 0 ? $a($m - 1, 1) : $a($m - 1, $a($m, $n - 1)) }; $a(4, 3))',
      ['EXPRESSION_TIMEOUT', 'EXPRESSION_MEMORY', 'EXPRESSION_FAILED'],
    ],
    ['3 a range of a billion', '[1..1e9]', ['EXPRESSION_FAILED']],
    ['4 nested ranges', '[1..1e4].([1..1e4].([1..1e4]))', ['EXPRESSION_TIMEOUT', 'EXPRESSION_MEMORY']],
    ['5 padding to half a gigabyte', "$pad('x', 5e8)", ['EXPRESSION_MEMORY', 'EXPRESSION_OUTPUT_TOO_LARGE']],
    [
      '6 doubling a string',
      "$reduce([1..60], function($s, $i) { $s & $s }, 'xxxxxxxx')",
      ['EXPRESSION_MEMORY', 'EXPRESSION_FAILED', 'EXPRESSION_OUTPUT_TOO_LARGE'],
    ],
    ['9 $eval of payload text', '$eval(code)', ['EXPRESSION_EVAL_OFF']],
    ['14 twenty thousand nested brackets', '['.repeat(20_000) + ']'.repeat(20_000), ['EXPRESSION_PARSE']],
    ['14 defaults nested in one another', `${'('.repeat(60)}a${' ?: a)'.repeat(60)}`, ['EXPRESSION_PARSE']],
  ])('%s', async (_, text, codes) => {
    expect(await under(expression(text, { code: '1 + 1' }))).toMatchObject(contained(...codes));
  });

  it.each<[string, string, Json]>([
    ['7 a regular expression that backtracks', `$contains("${'a'.repeat(5_000)}!", /(a+)+$/)`, false],
    ['8 the same through $replace', `$length($replace("${'a'.repeat(5_000)}!", /(a+)+$/, ""))`, 5_001],
  ])('%s is just answered', async (_, text, value) => {
    expect(await under(expression(text))).toEqual({ ok: true, value });
  });

  it('7 a pattern with look-ahead that backtracks is ended with its process', async () => {
    const text = `$contains("${'a'.repeat(60)}!", /^(?=(a+)+$)/)`;
    expect(await under(expression(text))).toEqual(failed('EXPRESSION_TIMEOUT'));
  });

  it('10 a prototype read and transformed', async () => {
    for (const text of [
      '__proto__',
      '$.constructor',
      '$sum.constructor',
      '$lookup($, "__proto__")',
      '$keys($.__proto__)',
    ]) {
      expect(await under(expression(text))).toEqual({ ok: true });
    }
    const polluting = [
      '{} ~> |$|{ "__proto__": { "polluted": true } }|',
      '$match("a", /a/) ~> |$|{ "__proto__": { "polluted": true } }|',
      '($clone := function($x) { $x }; $trigger ~> |$|{ "__proto__": { "polluted": true } }|)',
      '$merge([{ "__proto__": { "polluted": true } }])',
    ];
    for (const text of polluting)
      expect(await under(expression(text))).toMatchObject(contained('EXPRESSION_PARSE', 'EXPRESSION_FAILED'));
    expect(await under(expression('[{}.polluted, "".polluted, $sum.polluted]'))).toEqual({ ok: true, value: [] });
  });

  it('11 functions forged in the input', async () => {
    for (const flag of ['_jsonata_lambda', '_jsonata_function']) {
      const forged = { f: { [flag]: true, implementation: 'process.exit()', body: {}, arguments: [] } };
      expect(await under(expression('f()', forged))).toEqual(failed('EXPRESSION_FAILED'));
    }
  });

  it('12 the inside of a function or regular expression', async () => {
    for (const text of ['$sum.*', '/a/.*', '$sum.**.x', '$spread([$sum])[0]', '(/a/).lastIndex', '$keys($sum)']) {
      const result = await under(expression(text));
      expect(result.ok ? (result.value ?? []) : []).toEqual([]);
    }
  });

  it('13 rebinding the engine or its functions', async () => {
    const text = '($__evaluate_entry := function() { $error() }; $sum := function() { 7 }; $exists := 1; $sum())';
    expect(await under(expression(text))).toEqual({ ok: true, value: 7 });
    for (const text of [
      '{} ~> |$sum|{ "implementation": 1 }|',
      '($clone := function($x) { $x }; $ ~> |$sum|{}, ["signature"]|)',
    ]) {
      await under(expression(text));
    }
    expect(await under(expression('$sum([1, 2])'))).toEqual({ ok: true, value: 3 });
  });

  it('15 one compiled expression for two tenants at once', async () => {
    const text = '($mine := $; $map([1..200], function($i) { $mine.id }) ~> $distinct())';
    const tenants = Array.from({ length: 20 }, (_, n) => `tenant ${n}`);
    const results = await Promise.all(tenants.map((id) => evaluator.evaluate(id, [expression(text, { id })])));
    expect(results).toEqual(tenants.map((value) => [{ ok: true, value }]));
  });

  it('16 a secret reachable from the bindings', async () => {
    process.env.MILLRACE_CANARY = 'canary-16';
    const reached = [
      '$',
      '$$',
      '$trigger',
      '$process',
      '$env',
      '$globalThis',
      '$require("fs")',
      '$now.constructor',
      '$string($eval)',
    ];
    for (const text of reached)
      expect(writeJson((await under(expression(text))) as unknown as Json)).not.toContain('canary');
    delete process.env.MILLRACE_CANARY;
  });

  it('17 payload in an error text', async () => {
    for (const text of [
      '$number(p)',
      'p + 1',
      '-p',
      '$error(p)',
      '$assert(false, p)',
      '{ p: 1, $: 2 }',
      '$toMillis(p)',
      'p < 1',
      '$sum(p)',
    ]) {
      const result = await under(expression(text, { p: 'canary-17' }));
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toContain('canary');
    }
  });
});

describe('attacks by schemas', () => {
  const validate = (schema: Json, data: Json): EvaluationTask => ({ kind: 'validate', schema, data });

  it('38 a pattern that backtracks', async () => {
    expect(await under(validate({ pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`))).toEqual(failed('EXPRESSION_TIMEOUT'));
  });

  it('38 references to elsewhere', async () => {
    for (const $ref of [
      'http://169.254.169.254/',
      'file:///etc/passwd',
      'https://example.org/schema.json',
      'other-tenant',
    ]) {
      expect(await under(validate({ $ref }, 1))).toEqual(failed('SCHEMA_INVALID'));
    }
  });

  it("38 another tenant's schema by its $id", async () => {
    await evaluator.evaluate('alice', [validate({ $id: 'https://alice.example/secret', const: 'x' }, 'x')]);
    expect(await under(validate({ $ref: 'https://alice.example/secret' }, 'x'))).toEqual(failed('SCHEMA_INVALID'));
  });

  it('38 $data, and code in names', async () => {
    expect(await under(validate({ properties: { a: { const: { $data: '1/b' } } } }, { a: 1, b: 1 }))).toMatchObject({
      value: [{ code: 'CONST' }],
    });
    const name = '"];process.exit(1);//\u2028';
    expect(
      await under(validate({ required: [name], properties: { [name]: { pattern: "'+process.exit()+'" } } }, {})),
    ).toMatchObject({
      value: [{ code: 'REQUIRED' }],
    });
  });

  it('38 a schema that refers to itself without end', async () => {
    expect((await under(validate({ $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }, 1))).ok).toBe(false);
  });
});

describe('numbers on the way there and back', () => {
  it('stay exact', async () => {
    const input = readJson('{"n":9007199254740993,"d":0.1000000000000000000001}');
    const result = await under(expression('$ ~> |$|{ "sum": $moneyAdd(n, d) }|', input));
    expect(result.ok && result.value).toEqual({
      ...(input as object),
      sum: new ExactNumber('9007199254740993.1000000000000000000001'),
    });
  });
});
