import { ExactNumber, type Json } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import parse from '../parse/node.ts';
import { type Format, fromBoth, refused, text } from './build.fixture.ts';

describe('CSV', () => {
  test('columns keep their order, and every row has all of them', async () => {
    expect(await fromBoth([{ b: 1, a: 'x' }, { c: true }, {}], { csv: {} })).toBe('b,a,c\n1,x,\n,,true\n,,\n');
  });

  test('values are quoted where they must be, or all', async () => {
    const rows = [{ a: 'x,y', b: 'say "hi"', c: '1\n2', d: '' }];
    expect(await fromBoth(rows, { csv: { header: false } })).toBe('"x,y","say ""hi""","1\n2",\n');
    expect(await fromBoth([{ a: 'x', b: 2 }], { csv: { quote: 'all', lineEnding: 'crlf' } })).toBe(
      '"a","b"\r\n"x","2"\r\n',
    );
  });

  test('numbers keep all digits and have no exponent', async () => {
    const rows = [1e21, 1.5e-7, 0.1, -2, new ExactNumber('12345678901234567890.10'), new ExactNumber('-1.20E+2')];
    const config: Format = { csv: { header: false, decimalComma: true, delimiter: ';' } };
    expect(
      await fromBoth(
        rows.map((n) => ({ n })),
        config,
      ),
    ).toBe('1000000000000000000000\n0,00000015\n0,1\n-2\n12345678901234567890,10\n-120\n');
    expect(await text([{ n: new ExactNumber('1e99999') }], config)).toMatchObject(refused('CSV_CELL', '/0/n'));
  });

  test.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    'for spreadsheets the formula %j becomes text',
    async (formula) => {
      const back = async (csv: Format['csv'] & object) => {
        const built = await text([{ a: formula }], { csv });
        const parsed = await runNode(parse, null, { from: built, csv: {} });
        return parsed.kind === 'emit' ? parsed.data : parsed;
      };
      expect(await back({ guardFormulas: true })).toEqual([{ a: `'${formula}` }]);
      expect(await back({})).toEqual([{ a: formula }]);
    },
  );

  test('amounts are no formulas', async () => {
    const rows = [{ a: -5 }, { a: '-5.00' }, { a: '+46701234567' }, { a: '-5,00' }];
    expect(await text(rows, { csv: { header: false, guardFormulas: true, delimiter: ';' } })).toBe(
      '-5\n-5.00\n+46701234567\n-5,00\n',
    );
  });

  test('a row of one empty value is no empty line', async () => {
    expect(await fromBoth([{ a: '' }, { a: 'x' }], { csv: {} })).toBe('a\n""\nx\n');
  });

  test('columns may lie deeper, and be called otherwise', async () => {
    const csv = { columns: [{ from: 'x."a.b"', header: 'AB' }, { from: 'toString' }] };
    expect(await fromBoth([{ x: { 'a.b': 1 } }, { x: 2 }], { csv })).toBe('AB,toString\n1,\n,\n');
  });

  test.each<[string, Json, Format['csv'] & object, string, string | undefined]>([
    [
      'a list in a cell',
      [{ a: 1 }, { b: { 'c/d': [1] } }],
      { columns: [{ from: 'b."c/d"' }] },
      'CSV_CELL',
      '/1/b/c~1d',
    ],
    ['an object in a cell', [{ a: {} }], {}, 'CSV_CELL', '/0/a'],
    ['a row that is none', [{ a: 1 }, 7], {}, 'CSV_ROW', '/1'],
    ['a row that is none, with columns', [7], { columns: [{ from: 'a' }] }, 'CSV_ROW', '/0'],
    ['data that is no list', { a: 1 }, {}, 'NOT_A_LIST', undefined],
    ['a column nowhere', [], { columns: [{ from: 'a..b' }] }, 'CSV_COLUMN', '/config/csv/columns/0/from'],
  ])('%s is refused', async (_, data, csv, code, pointer) => {
    expect(await text(data, { csv })).toMatchObject(refused(code, pointer));
  });

  test('what is built is read again as it was', async () => {
    const value = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'å', '😀', "'") });
    const rows = fc.array(fc.record({ a: value, b: value }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('needed' as const, 'all' as const), async (list, quote) => {
        const built = await text(list, { csv: { quote } });
        expect(await runNode(parse, null, { from: built, csv: {} })).toEqual({ kind: 'emit', port: 'out', data: list });
      }),
      { numRuns: 200 },
    );
  });
});
