import { type Json, readJson, writeJson } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../evaluate.ts';

const run = async (text: string, input: Json = {}) =>
  evaluate({ text, input, bindings: {}, now: '2026-11-21T10:00:00Z', seed: '' });

describe('$money…', () => {
  it.each<[string, string]>([
    ['$moneyAdd(0.1, 0.2)', '0.3'],
    ['$moneyAdd("9007199254740993", 0.01)', '9007199254740993.01'],
    ['$moneySubtract(1, "0.9")', '0.1'],
    ['$moneyMultiply(1.1, 1.1)', '1.21'],
    ['$moneyDivide(10, 3, 4)', '3.3333'],
    ['$moneyDivide(2, 3)', '0.67'],
    ['$moneyRound(2.345)', '2.35'],
    ['$moneyRound(-2.345, 2)', '-2.35'],
    ['$moneyRound(1.5, 0)', '2'],
    ['$moneySum([0.1, "0.2", 0.3])', '0.6'],
    ['$moneySum([])', '0'],
    ['$moneySum(0.1)', '0.1'],
    ['$money(" +12.50 ")', '12.5'],
    ['"12.50" ~> $money()', '12.5'],
    ['lines.($moneyMultiply(price, quantity)) ~> $moneySum()', '59.97'],
    ['$moneyAdd(big, 1)', '12345678901234567891.12'],
  ])('%s = %s', async (text, result) => {
    const input = readJson('{"big":12345678901234567890.12,"lines":[{"price":19.99,"quantity":3}]}');
    expect(writeJson(await run(text, input))).toBe(result);
  });

  it('gives nothing for a missing amount', async () => {
    for (const text of ['$money(x)', '$moneyAdd(x, 1)', '$moneyRound(x, 2)', '$moneySum(x)', '$moneyDivide(1, x, 2)']) {
      expect(await run(text)).toBeUndefined();
    }
  });

  it.each([
    '$money("12,50")',
    '$moneyAdd(true, 1)',
    '$moneyDivide(1, 0, 2)',
    '$moneyRound(1, -1)',
    '$money("1e999999")',
    '$moneySum([null])',
  ])('refuses %s', async (text) => {
    await expect(run(text)).rejects.toMatchObject({ code: 'EXPRESSION_FAILED' });
  });

  it('adds cents exactly', async () => {
    const cents = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(cents, async (amounts) => {
        const sum = amounts.reduce((total, amount) => total + amount, 0);
        expect(await run('$moneyMultiply($moneySum(a), 100)', { a: amounts.map((amount) => amount / 100) })).toBe(sum);
      }),
      { numRuns: 50 },
    );
  });
});

describe('$date…', () => {
  it.each<[string, string]>([
    ['$date("2026-02-28T23:30:00+01:00")', '2026-02-28'],
    ['$date("2026-02-28")', '2026-02-28'],
    ['$date("2026-02-28T23:30:00Z", "Asia/Tokyo")', '2026-03-01'],
    ['$date("2026-02-28", "Asia/Tokyo")', '2026-02-28'],
    ['$dateAdd("2026-02-28", "P7D")', '2026-03-07'],
    ['$dateAdd("2026-03-07", "-P7D")', '2026-02-28'],
    ['$dateAdd("2026-02-28", "12h")', '2026-02-28T12:00:00.000Z'],
    ['$dateAdd("2026-02-28T10:00:00+01:00", "1d")', '2026-03-01T09:00:00.000Z'],
    ['$dateCompact("2025-12-27T11:00:00.123+01:00")', '20251227T100000Z'],
    ['$dateCompact("2025-12-27")', '20251227T000000Z'],
    ['$dateCompact("2025-12-27T10:00:00")', '20251227T100000Z'],
    ['$now() ~> $dateCompact()', '20261121T100000Z'],
  ])('%s = %s', async (text, result) => {
    expect(await run(text)).toBe(result);
  });

  it.each([
    '$date("2026-02-30")',
    '$date("27/12/2025")',
    '$date("")',
    '$dateCompact("")',
    '$dateAdd("2026-01-01", "soon")',
    '$date("2026-01-01T00:00:00Z", "Mars/Base")',
  ])('refuses %s', async (text) => {
    await expect(run(text)).rejects.toMatchObject({ code: 'EXPRESSION_FAILED' });
  });
});

describe('$list', () => {
  it.each<[string, Json, Json]>([
    ['$list(a)', {}, []],
    ['$list(a)', { a: 1 }, [1]],
    ['$list(a)', { a: [1, 2] }, [1, 2]],
    ['$list(a, function($item, $index) { $item.{ "n": $index, "v": v } })', { a: { v: 'x' } }, [{ n: 0, v: 'x' }]],
    ['$list(a, function($item) { $item })', { a: [[1], [2, 3], []] }, [[1], [2, 3], []]],
    ['$list(a, function($item) { $item.($count($)) })', { a: [[1], [2, 3], []] }, [1, 2, 0]],
    ['$list(a, $uppercase)', { a: ['x', 'y'] }, ['X', 'Y']],
    ['{ "one": $list(a, function($item) { $item.b }) }', { a: [{ b: 1 }, {}] }, { one: [1] }],
  ])('%s of %j', async (text, input, result) => {
    expect(await run(text, input)).toEqual(result);
  });
});

describe('$escapeHtml', () => {
  it('leaves no tag, entity or quote of the text standing', async () => {
    const text = `<script>"&amp;"</script> 'x'`;
    expect(await run('$escapeHtml(text)', { text })).toBe(
      '&lt;script&gt;&quot;&amp;amp;&quot;&lt;/script&gt; &#39;x&#39;',
    );
    expect(await run('$escapeHtml(missing)')).toBeUndefined();
  });

  it('of any text, read back, is the text', async () => {
    const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as Record<string, string>;
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', 'ö', '&', '<', '>', '"', "'", ';', 'amp') }),
        async (text) => {
          const escaped = (await run('$escapeHtml(text)', { text })) as string;
          expect(escaped.replace(/&([a-z0-9#]+);/g, (_, name) => entities[name] as string)).toBe(text);
          expect(escaped).not.toMatch(/[<>"']/);
        },
      ),
      { numRuns: 50 },
    );
  });
});
