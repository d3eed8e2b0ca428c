import { expect, it } from 'vitest';
import { differences } from './difference.ts';

it('R-X6 tells value by value what was added, removed and changed', () => {
  const before = { role: 'viewer', rules: { factor: false, old: 1 }, same: [1, 2] };
  const after = { role: 'admin', rules: { factor: false, fresh: 'x' }, same: [1, 2] };
  expect(differences(before, after)).toEqual([
    { path: 'role', kind: 'changed', before: 'viewer', after: 'admin' },
    { path: 'rules.fresh', kind: 'added', after: 'x' },
    { path: 'rules.old', kind: 'removed', before: 1 },
  ]);
});

it('a list that differs is told as a whole, and a thing that is new or gone as well', () => {
  expect(differences([1], [2])).toEqual([{ path: '', kind: 'changed', before: [1], after: [2] }]);
  expect(differences(null, { a: 1 })).toEqual([{ path: '', kind: 'added', after: { a: 1 } }]);
  expect(differences({ a: 1 }, null)).toEqual([{ path: '', kind: 'removed', before: { a: 1 } }]);
  expect(differences(null, null)).toEqual([]);
});
