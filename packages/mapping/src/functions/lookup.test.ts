import { ExactNumber, type Json } from '@millrace/contract';
import { describe, expect, it } from 'vitest';
import { tablesNamed } from '../code-tables.ts';
import { evaluate } from '../evaluate.ts';
import type { CodeTables } from './lookup.ts';

const tables: CodeTables = {
  units: { PCE: [{ value: 'EA' }], KGM: [{ value: 'kg' }], 7: [{ value: { name: 'seven' } }] },
  vat: {
    food: [
      { value: 12, to: '2026-04-01' },
      { value: 6, from: '2026-04-01', to: '2028-01-01' },
    ],
    exact: [{ value: new ExactNumber('0.12345678901234567890') }],
  },
  odd: JSON.parse('{"__proto__": [{"value": "own"}]}') as CodeTables[string],
};
const run = async (text: string, input: Json = {}, now = '2026-11-21T10:00:00Z') =>
  evaluate({ text, input, bindings: {}, tables, now, seed: '' });

describe('$lookup…', () => {
  it.each<[string, Json | undefined]>([
    ['$lookup("units", "PCE")', 'EA'],
    ['$lookup("units", unit)', 'kg'],
    ['$lookup("units", 7)', { name: 'seven' }],
    ['"units" ~> $lookup("PCE")', 'EA'],
    ['$lookup("units", nothing)', undefined],
    ['$lookup("units", "XXX", "C62")', 'C62'],
    ['$lookup("units", "XXX", null)', null],
    ['$lookup("units", "constructor", 0)', 0],
    ['$lookup("odd", "__proto__")', 'own'],
    ['$lookupOptional("units", "XXX")', undefined],
    ['$lookupOptional("units", "PCE")', 'EA'],
    ['$lookupKey("units", "kg")', 'KGM'],
    ['$lookupKey("units", "lb", "LBR")', 'LBR'],
    ['$lookupKey("units", {"name": "seven"})', '7'],
    ['["PCE", "KGM"].$lookup("units", $)', ['EA', 'kg']],
    ['$lookup("vat", "food")', 6],
    ['$lookup("vat", "exact")', new ExactNumber('0.12345678901234567890')],
    ['$lookupOn("vat", "food", "2026-03-31")', 12],
    ['$lookupOn("vat", "food", "2026-04-01T00:00:00Z")', 6],
    ['$lookupOn("vat", "food", "2028-01-01", 25)', 25],
    ['$lookup({"a": 1}, "a")', 1],
    ['$lookup([{"a": 1}, {"a": 2}], "a")', [1, 2]],
    ['$lookup("units", 7).constructor', undefined],
    ['$lookup("units", 7).toString', undefined],
  ])('%s', async (text, expected) => {
    expect(await run(text, { unit: 'KGM' })).toEqual(expected);
  });

  it.each([
    ['$lookup("units", "canary")', 'CODE_UNKNOWN'],
    ['$lookupKey("units", "canary")', 'CODE_UNKNOWN'],
    ['$lookupOn("vat", "food", "2030-01-01")', 'CODE_UNKNOWN'],
    ['$lookup("canary", "PCE")', 'CODE_TABLE_UNKNOWN'],
    ['$lookup("constructor", "PCE")', 'CODE_TABLE_UNKNOWN'],
    ['$lookup("units", ["PCE"])', 'EXPRESSION_FAILED'],
    ['$lookupOn("vat", "food", "soon")', 'EXPRESSION_FAILED'],
  ])('%s is an error that tells no data', async (text, code) => {
    const failure = await run(text).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect((failure as Error).message).not.toContain('canary');
  });

  it('holds as of the step’s activation, not of the moment', async () => {
    expect(await run('$lookup("vat", "food")', {}, '2026-03-31T23:59:59Z')).toBe(12);
  });
});

describe('the tables that an expression needs are known from its text:', () => {
  it.each([
    ['$lookup("b", x) & $lookupKey("a", y)', ['a', 'b']],
    ['items.{ "unit": $lookup("units", unit, "EA") }', ['units']],
    ['"units" ~> $lookup(code)', ['units']],
    ['$map(codes, $lookupOptional("units", ?))', ['units']],
    ['($f := function($c) { $lookupOn("vat", $c, "2026-01-01") }; $f(code))', ['vat']],
    ['$lookup(object, "units")', []],
    ['$lookup(', []],
    ['"$lookup"', []],
  ])('%s', (text, expected) => {
    expect(tablesNamed(text)).toEqual(expected);
  });
});
