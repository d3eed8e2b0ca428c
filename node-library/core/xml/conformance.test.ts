import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { describe, expect, test } from 'vitest';
import build from '../build/node.ts';
import parse from '../parse/node.ts';

/** Documents of real systems, kept beside the repository; see its SOURCES.md. */
const documents = fileURLToPath(new URL('../../../../shared/conformance', import.meta.url));
const folders = ['cxml/samples', 'quickbooks/fixtures'].map((folder) => join(documents, folder));
const present = folders.every((folder) => existsSync(folder));
if (!present) console.log(`Documents of real systems are skipped: ${documents} is not there.`);

const files = present ? folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))) : [];
const parsed = (from: Json) => runNode(parse, null, { from, xml: {} });

describe.skipIf(!present)('documents of real systems', () => {
  test('there are some', () => expect(files.length).toBeGreaterThan(20));

  test.each(files.filter((file) => file.endsWith('.xml')))('%s is built again as it was parsed', async (file) => {
    const first = await parsed(readFileSync(file, 'utf8'));
    expect(first).toMatchObject({ kind: 'emit' });
    const built = await runNode(build, null, { from: first.kind === 'emit' ? first.data : null, xml: {} });
    expect(await parsed(built.kind === 'emit' ? built.data : null)).toEqual(first);
  });
});
