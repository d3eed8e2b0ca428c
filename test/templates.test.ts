/** What all shipped templates have in common. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson, explode, type RecordType } from '@millrace/flow';
import { describe, expect, test } from 'vitest';
import { readWholeFlow } from '../runtime/flows/folder.ts';

const folder = fileURLToPath(new URL('../flows', import.meta.url));
const templates = readdirSync(folder).map((name) => ({ name, bundle: readWholeFlow(join(folder, name)) }));

test('R-C2 a record type that several templates ship is the same in all of them', () => {
  const definitions = new Map<string, { readonly name: string; readonly type: RecordType }>();
  for (const { name, bundle } of templates)
    for (const type of bundle.records) {
      const first = definitions.get(type.id) ?? { name, type };
      definitions.set(type.id, first);
      expect(canonicalJson(type), `“${type.id}” in ${name} and ${first.name}`).toBe(canonicalJson(first.type));
    }
});

describe.each(templates)('$name', ({ name, bundle }) => {
  test('has its folder’s name, and a place for every node', () => {
    expect(bundle.flow.id).toBe(name);
    expect(Object.keys(bundle.layout.nodes).sort()).toEqual(Object.keys(bundle.flow.nodes).sort());
  });

  test('has samples and tests, and can be taken apart into files again', () => {
    expect(Object.keys(bundle.samples)).not.toEqual([]);
    expect(Object.keys(bundle.tests)).not.toEqual([]);
    expect(Object.keys(explode(bundle))).toContain('flow.json');
  });
});
