import { expect, test } from 'vitest';
import { beginningOf, type Rows, withChanged, withFirstPage, withNextPage } from './rows.ts';

const page = (ids: string, next: string | null = ids.at(-1) ?? null): Rows<{ id: string }> => ({
  rows: ids.split('').map((id) => ({ id })),
  next,
});
const idsOf = ({ rows }: Rows<{ id: string }>) => rows.map(({ id }) => id).join('');

test('R-X4 what is new stands before what was read, and that stays', () => {
  const known = withNextPage(page('fed'), page('cba', null), 'd');
  expect(withFirstPage(known, page('hgf'), 'newest')).toEqual({ ...page('hgfedcba'), next: null });
});

test('R-X4 what the first page passes over is gone', () => {
  expect(idsOf(withFirstPage(page('fedcba'), page('fdc'), 'newest'))).toBe('fdcba');
  expect(idsOf(withFirstPage(page('fed'), page('f', null), 'newest'))).toBe('f');
});

test('R-X4 where more has come than a page holds, the list begins anew', () => {
  expect(withFirstPage(page('cba'), page('zyx'), 'newest')).toEqual(page('zyx'));
});

test('R-X4 the oldest first: what follows the first page stays', () => {
  expect(idsOf(withFirstPage(page('abcdef'), page('ab'), 'oldest'))).toBe('abcdef');
});

test('R-X4 a page that was asked for before the list began anew is not put behind it', () => {
  const known = page('zyx');
  expect(withNextPage(known, page('ba'), 'c')).toBe(known);
});

test('R-X4 only the rows that are meant change, and a list without them stays the same', () => {
  const known = page('cba');
  expect(idsOf(withChanged(known, new Set(['b']), () => ({ id: 'B' })))).toBe('cBa');
  expect(withChanged(known, new Set(['x']), () => ({ id: 'B' }))).toBe(known);
});

test('R-X4 of a list that may be old only the beginning is kept, and goes on from there', () => {
  expect(beginningOf(page('fedcba', null), 2)).toEqual(page('fe'));
  expect(beginningOf(page('fe', null), 2)).toEqual(page('fe', null));
});
