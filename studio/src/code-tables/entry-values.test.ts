import { describe, expect, it } from 'vitest';
import { byKey, readValue, valueText } from './entry-values.ts';

describe('a value of a code table as it is typed', () => {
  it.each(['EA', 'a: b', '', '5', 'true', '"quoted"', '{"a":1}', ' '])(
    'the text %j comes back as the same text',
    (text) => {
      expect(readValue(valueText(text))).toBe(text);
    },
  );

  it.each([[null], [true], [{ factor: 12 }], [['a']]])('%j comes back as it was', (value) => {
    expect(readValue(valueText(value))).toEqual(value);
  });

  it('is a text where it is no JSON, and keeps every digit of a number', () => {
    expect(readValue('EA')).toBe('EA');
    expect(valueText(readValue('1.00000000000000000001'))).toBe('1.00000000000000000001');
  });
});

it('periods of one key stand together', () => {
  const entry = (key: string, validFrom: string | null) => ({ key, value: 1, validFrom, validTo: null });
  const entries = [entry('A', null), entry('B', null), entry('B', '2026-01-01')];
  expect(byKey(entries).map(({ key, periods }) => [key, periods.length])).toEqual([
    ['A', 1],
    ['B', 2],
  ]);
});
