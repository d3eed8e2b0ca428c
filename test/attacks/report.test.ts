import { expect, test } from 'vitest';
import { fell, held, notTried } from './attack.ts';
import { readOptions } from './options.ts';
import { joined, resultLine, summary } from './report.ts';

test('what is not tried is never counted as held', () => {
  expect(summary([held('a'), fell('b'), notTried('c')])).toEqual({ text: 'tried 2, held 1 (1 not tried)', fell: 1 });
  expect(summary([held('a')])).toEqual({ text: 'tried 1, held 1', fell: 0 });
});

test('a case that falls in one way has fallen, one that cannot be tried in one way is tried in the other', () => {
  expect(joined([held('a'), fell('b'), notTried('c')])).toEqual(fell('b'));
  expect(joined([notTried('c'), held('a')])).toEqual(held('a'));
  expect(joined([notTried('c')])).toEqual(notTried('c'));
  expect(joined([])).toMatchObject({ kind: 'not tried' });
});

test('a line says what became of a case', () => {
  expect(resultLine({ number: 7, title: 'a pattern' }, fell('it hung'))).toBe('  7 a pattern: FELL: it hung');
});

test('cases are chosen by number and range', () => {
  expect(readOptions(['--only', '3,18-20'])).toEqual({ only: [3, 18, 19, 20] });
  expect(readOptions([])).toEqual({});
  expect(() => readOptions(['--only', 'x'])).toThrow('“x”');
});
