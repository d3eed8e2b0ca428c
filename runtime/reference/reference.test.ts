import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { routes } from '../http/routes.ts';
import { packs } from '../packs.ts';
import { apiTypesOf } from './api-types.ts';
import { referenceOf } from './reference.ts';
import { rolesReference } from './roles.ts';

test.each(packs.map((pack) => [pack.id, pack] as const))(
  'docs/nodes/%s.md is what the nodes say of themselves (npm run docs)',
  (id, pack) => {
    const written = readFileSync(new URL(`../../docs/nodes/${id}.md`, import.meta.url), 'utf8');
    expect(written).toBe(referenceOf(pack));
  },
);

test('docs/roles.md is what the actions and routes say of themselves (npm run docs)', () => {
  const written = readFileSync(new URL('../../docs/roles.md', import.meta.url), 'utf8');
  expect(written).toBe(rolesReference(routes));
});

test('the studio knows the operations of the API as they are declared (npm run docs)', () => {
  const written = readFileSync(new URL('../../studio/src/api/operations.d.ts', import.meta.url), 'utf8');
  expect(written).toBe(apiTypesOf(routes));
});
