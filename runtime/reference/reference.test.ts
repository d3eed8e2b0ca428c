import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packs } from '../main.ts';
import { referenceOf } from './reference.ts';

test.each(packs.map((pack) => [pack.id, pack] as const))(
  'docs/nodes/%s.md is what the nodes say of themselves (npm run docs)',
  (id, pack) => {
    const written = readFileSync(new URL(`../../docs/nodes/${id}.md`, import.meta.url), 'utf8');
    expect(written).toBe(referenceOf(pack));
  },
);
