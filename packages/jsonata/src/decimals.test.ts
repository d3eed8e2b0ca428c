import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompileOptions, ExactDecimal, Expression, JsonataError, readExactJson } from './index.ts';

const evaluate = (text: string, input: unknown, options: CompileOptions = { exact: true }) =>
  JSON.stringify(new Expression(text, options).evaluate(input));

describe('exact decimals', () => {
  test.each([
    ['0.1 + 0.2', '0.3'],
    ['1.1 * 1.1', '1.21'],
    ['1 / 3', '0.3333333333333333333333333333333333'],
    ['10 - 9.99', '0.01'],
    ['9007199254740993 + 1', '9007199254740994'],
    ['123456789012345678901234567890.12 * 100', '12345678901234567890123456789012'],
    ['-12345678901234567890', '-12345678901234567890'],
    ['$sum([0.1, 0.2, 0.3])', '0.6'],
    ['$average([0.1, 0.2])', '0.15'],
    ['$max([9007199254740993, 9007199254740992])', '9007199254740993'],
    ['$round(2.675, 2)', '2.68'],
    ['$round(1.005, 2)', '1'],
    ['$floor(9007199254740993.5)', '9007199254740993'],
    ['$ceil(-9007199254740993.5)', '-9007199254740993'],
    ['$abs(-9007199254740993)', '9007199254740993'],
    ['$power(1.1, 20)', '6.72749994932560009201'],
    ['$number("0.1000000000000000000001") * 10', '1.000000000000000000001'],
    ['9007199254740993 = 9007199254740992', 'false'],
    ['9007199254740992 + 1 = 9007199254740993', 'true'],
    ['9007199254740993 > 9007199254740992', 'true'],
    ['9007199254740993 in [9007199254740993]', 'true'],
    ['$type(9007199254740993)', '"number"'],
    ['9007199254740993 & ""', '"9007199254740993"'],
    ['$string({"a": 9007199254740993})', '"{\\"a\\":9007199254740993}"'],
    ['$formatNumber(12345678901234567.895, "#,##0.00")', '"12,345,678,901,234,567.90"'],
    ['[9007199254740993, 3, 9007199254740992]^($)', '[3,9007199254740992,9007199254740993]'],
    ['$sort([9007199254740993, 3, 9007199254740992])', '[3,9007199254740992,9007199254740993]'],
    ['$distinct([9007199254740993, 9007199254740993])', '9007199254740993'],
  ])('%s gives %s', (text, expected) => {
    if (text.startsWith('$distinct')) expect(evaluate(text, {})).toBe(`[${expected}]`);
    else expect(evaluate(text, {})).toBe(expected);
  });

  test('decimals of the data stay what they are from JSON to JSON', () => {
    const json =
      '{"total":12345678901234567.89,"lines":[{"amount":0.1000000000000000000001},{"amount":1e400}],"n":1.5}';
    expect(JSON.stringify(readExactJson(json))).toBe(json.replace('1e400', `1${'0'.repeat(400)}`));
    expect(evaluate('total', readExactJson(json), {})).toBe('12345678901234567.89');
    expect(evaluate('lines[0]', readExactJson(json), {})).toBe('{"amount":0.1000000000000000000001}');
  });

  test('what a decimal takes part in is exact even where doubles are used for the rest', () => {
    const input = readExactJson('{"big":9007199254740993,"small":0.1}');
    expect(evaluate('big + 1', input, {})).toBe('9007199254740994');
    expect(evaluate('$sum([big, small])', input, {})).toBe('9007199254740993.1');
    expect(evaluate('small + 0.2', input, {})).toBe('0.30000000000000004');
    expect(evaluate('-big', input, {})).toBe('-9007199254740993');
  });

  test('a decimal is a number, not an object', () => {
    const input = readExactJson('{"big":9007199254740993}');
    expect(evaluate('[$type(big), $count(big.*), $keys(big)]', input, {})).toBe('["number",0]');
    expect(evaluate('$ ~> |big|{"digits": "0"}|', input, {})).toBe('{"big":9007199254740993}');
    expect(evaluate('λ($x)<n:n>{$x}(big)', input, {})).toBe('9007199254740993');
  });

  test('the host’s own class is used where it names one', () => {
    class Amount {
      readonly digits: string;
      constructor(digits: string) {
        this.digits = digits;
      }
    }
    const value = new Expression('a * 2', { decimals: Amount }).evaluate({ a: new Amount('9007199254740993') });
    expect(value).toEqual(new Amount('18014398509481986'));
    expect(value).toBeInstanceOf(Amount);
  });

  test('there is no exact number for a division by zero, nor one of thousands of digits', () => {
    for (const text of [
      '1 / 0',
      '1 % 0',
      '$power(10, 1000) * $power(10, 1000)',
      '$reduce([1..20], function($a, $b) { $a * $a }, 3.1)',
    ]) {
      expect(() => new Expression(text, { exact: true }).evaluate({}), text).toThrow(JsonataError);
    }
  });

  test('sums do not depend on the order, and cents are never lost', () => {
    const cents = fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(cents, (amounts) => {
        const input = { amounts: amounts.map((amount) => amount / 100) };
        const sum = new Expression('$sum(amounts)', { exact: true }).evaluate(input);
        expect(sum).toBe(amounts.reduce((a, b) => a + b, 0) / 100);
      }),
    );
  });

  test('a plain number is given wherever a double holds the value', () => {
    const value = new Expression('9007199254740993 - 1', { exact: true }).evaluate({});
    expect(value).toBe(9007199254740992);
    expect(new Expression('9007199254740993', { exact: true }).evaluate({})).toBeInstanceOf(ExactDecimal);
  });
});
