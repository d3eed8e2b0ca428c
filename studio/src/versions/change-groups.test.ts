import { expect, test } from 'vitest';
import { changeGroups, shownEdit, type ToldChange } from './change-groups.ts';

const change = (pointer: string): ToldChange => ({ pointer, action: 'changed', sentence: pointer });

test('R-F6 changes are told by what they belong to, nodes first', () => {
  const groups = changeGroups([
    change('/flow/name'),
    change('/flow/edges/a>b'),
    change('/flow/nodes/b/config/x'),
    change('/samples/order/qty'),
    change('/flow/nodes/a/title'),
    change('/flow/nodes/b/retry'),
    change('/connections/erp'),
  ]);
  expect(groups.map(({ kind, node, changes }) => [kind, node, changes.length])).toEqual([
    ['node', 'b', 2],
    ['node', 'a', 1],
    ['edges', '', 1],
    ['connections', '', 1],
    ['flow', '', 1],
    ['beside', '', 1],
  ]);
});

test('R-F6 a changed expression is shown around the place of the change', () => {
  const before = `${'a'.repeat(60)}old${'b'.repeat(60)}`;
  const edit = { from: 60, before: 'old', after: 'new' };
  expect(shownEdit({ ...change(''), before, edit })).toEqual({
    lead: `…${'a'.repeat(36)}`,
    before: 'old',
    after: 'new',
    rest: `${'b'.repeat(36)}…`,
  });
  expect(shownEdit({ ...change(''), before: 7 })).toBeUndefined();
});
