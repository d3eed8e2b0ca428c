import { ExactNumber, type Json } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Format, out, parseBoth, refused } from './parse.fixture.ts';

describe('CSV', () => {
  test('values are text, whatever they look like', async () => {
    expect(await parseBoth('a,b\n00123,1.50\n,true\n', { csv: {} })).toEqual([
      { a: '00123', b: '1.50' },
      { a: '', b: 'true' },
    ]);
  });

  test('quotes hold delimiters, line ends and quotes; line ends may be mixed', async () => {
    expect(await parseBoth('a;b\r\n"x;""y""";"1\n2"\n3;4\r5;6', { csv: { delimiter: ';' } })).toEqual([
      { a: 'x;"y"', b: '1\n2' },
      { a: '3', b: '4' },
      { a: '5', b: '6' },
    ]);
  });

  test('columns may be named by the flow, instead of the header or without one', async () => {
    expect(await parseBoth('x,y\n1,2\n', { csv: { columns: ['a', 'b'] } })).toEqual([{ a: '1', b: '2' }]);
    expect(await parseBoth('1,2\n', { csv: { columns: ['a', 'b'], header: false } })).toEqual([{ a: '1', b: '2' }]);
    expect(await parseBoth('1,2\n', { csv: { header: false } })).toEqual([['1', '2']]);
  });

  test('blanks are kept unless they are to be dropped', async () => {
    expect(await parseBoth('a, b\n 1 ," 2 "\n', { csv: { trim: true } })).toEqual([{ a: '1', b: ' 2 ' }]);
    expect(await parseBoth('a,b\n 1 ,2\n', { csv: {} })).toEqual([{ a: ' 1 ', b: '2' }]);
  });

  test('a quote means nothing where there is none', async () => {
    expect(await parseBoth('a\n5" pipe\n', { csv: { quote: 'none' } })).toEqual([{ a: '5" pipe' }]);
  });

  test('numbers are exact to the last digit; an empty one is left out', async () => {
    const config: Format = { csv: { numbers: ['n'] } };
    expect(await parseBoth('k,n\na,0012.50\nb,9007199254740993\nc,\nd,-0.1000000000000000000001\n', config)).toEqual([
      { k: 'a', n: 12.5 },
      { k: 'b', n: new ExactNumber('9007199254740993') },
      { k: 'c' },
      { k: 'd', n: new ExactNumber('-0.1000000000000000000001') },
    ]);
    expect(await parseBoth('k,n\na,+1\n', config)).toEqual([{ k: 'a', n: 1 }]);
  });

  test.each(['1,5', '1e3', 'NaN', 'Infinity', '0x10', '1.', '.5', '1 000', '--1', '9'.repeat(501)])(
    'a number written as %s is refused with its line and column',
    async (written) => {
      expect(await parseBoth(`k;n\na;1\nb;${written}\n`, { csv: { delimiter: ';', numbers: ['n'] } })).toMatchObject(
        refused('CSV_INVALID', { line: 3, name: 'n' }),
      );
    },
  );

  test('with a decimal comma the point is no point', async () => {
    const config: Format = { csv: { delimiter: ';', numbers: ['n'], decimalComma: true } };
    expect(await parseBoth('n\n-12,50\n', config)).toEqual([{ n: -12.5 }]);
    expect(await parseBoth('n\n1.234,50\n', config)).toMatchObject(refused('CSV_INVALID', { line: 2, name: 'n' }));
    expect(await parseBoth('n\n12.50\n', config)).toMatchObject(refused('CSV_INVALID', { line: 2, name: 'n' }));
  });

  test.each<[string, string, Format['csv'] & object, object]>([
    ['a short row', 'a,b\n1,2\n3\n', {}, { line: 3 }],
    ['a long row', 'a,b\n1,2,3\n', {}, { line: 2 }],
    ['fewer columns than named', '1,2\n', { header: false, columns: ['a'] }, { line: 1 }],
    ['a quote that is not closed', 'a,b\n1,"2\n3,4\n', {}, { line: 3 }],
    ['text behind a closing quote', 'a,b\n1,"2"x\n', {}, { line: 2 }],
    ['a quote inside a value', 'a,b\n1,2"x\n', {}, { line: 2 }],
    ['a column twice', 'a,b,a\n1,2,3\n', {}, { line: 1, column: 3 }],
    ['a column without a name', 'a,,c\n1,2,3\n', {}, { line: 1, column: 2 }],
    ['an unending row', `a\n"${'x'.repeat(1_100_000)}`, {}, { line: 2 }],
  ])('%s is refused with its line', async (_, text, csv, details) => {
    expect(await parseBoth(text, { csv })).toMatchObject(refused('CSV_INVALID', expect.objectContaining(details)));
  });

  test.each<[string, Format['csv'] & object]>([
    ['a\n1\n', { numbers: ['b'] }],
    ['1\n', { header: false, numbers: ['a'] }],
  ])('numbers in a column that is not there are refused', async (text, csv) => {
    expect(await parseBoth(text, { csv })).toMatchObject(refused('CSV_INVALID'));
  });

  test('no value of the document is repeated in a refusal', async () => {
    for (const text of ['a,b\n1,canary"x\n', 'a,b\n1,"canary"x\n', 'a,b\n"canary\n']) {
      expect(JSON.stringify(await parseBoth(text, { csv: {} }))).not.toContain('canary');
    }
  });

  test('nothing is an empty list', async () => {
    expect(await parseBoth('', { csv: {} })).toEqual([]);
    expect(await parseBoth('a,b\n', { csv: {} })).toEqual([]);
  });

  test('a column called __proto__ changes no prototype (attack 33)', async () => {
    const rows = (await out('__proto__,b\nx,1\n', { csv: {} })) as Json[];
    expect(Object.keys(rows[0] as object)).toEqual(['__proto__', 'b']);
    expect({}).not.toHaveProperty('b');
  });

  test('any values come back as they were written', async () => {
    const value = fc.string({ unit: fc.constantFrom('a', ';', '"', '\n', '\r', ' ', 'å', '😀', '=', "'") });
    const table = fc.array(fc.array(value, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(';')).join('\r\n');
        expect(await parseBoth(text, { csv: { header: false, delimiter: ';' } })).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });
});
