import { expect, test } from 'vitest';
import { apartOf, isText, linesOf, linesOfContent, linesWith, sizeOf } from './lines.ts';

const file = { blob: `blob_${'0'.repeat(32)}`, name: 'a.json', mediaType: 'application/json', bytes: 3, sha256: '' };

test('R-X4 what is kept apart is known, whether it is a file or stands for a large value', () => {
  expect(apartOf(file)).toBe(file);
  expect(apartOf({ $payload: file })).toBe(file);
  expect(apartOf({ $payload: 1 })).toBeUndefined();
  expect(apartOf([file])).toBeUndefined();
});

test('R-X4 JSON is set out in lines with its numbers as they are, and what is no JSON is shown as it came', () => {
  expect(linesOfContent('{"a":0.12345678901234567890123}', 'application/json')).toEqual([
    '{',
    '  "a": 0.12345678901234567890123',
    '}',
  ]);
  expect(linesOfContent('{"a":', 'application/json')).toEqual(['{"a":']);
  expect(linesOfContent('a\r\nb', 'text/plain')).toEqual(['a', 'b']);
});

test('R-X4 text is found in lines, however it is written', () => {
  const lines = linesOf({ sku: 'SKU-1', name: 'sku' });
  expect(linesWith(lines, ' SKU ')).toEqual([1, 2]);
  expect(linesWith(lines, '')).toEqual([]);
});

test('sizes are told in few digits', () => {
  expect([812, 9_840, 64_000, 9_830_000].map(sizeOf)).toEqual(['812 B', '9.8 kB', '64 kB', '9.8 MB']);
  expect([isText('application/x-ndjson'), isText('application/pdf')]).toEqual([true, false]);
});
