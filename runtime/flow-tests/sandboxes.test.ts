import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogueOf } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import objectStore from '@millrace/pack-object-store';
import { createDatabase } from '@millrace/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startSandboxes } from './sandboxes.ts';

const document: FlowDocument = {
  format: 1,
  id: 'archive',
  name: 'Archive',
  connections: { archive: { type: 'object-store/store' } },
  nodes: {},
  edges: [],
};

async function start(kinds: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-sandboxes-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const sandboxes = await startSandboxes(document, catalogueOf([objectStore]), {
    folder,
    now: () => new Date(),
    database: () => createDatabase(),
    kinds,
  });
  onTestFinished(() => sandboxes.stop());
  return sandboxes;
}

test.each([
  [{}, 'folder'],
  [{ archive: 'folder' }, 'folder'],
  [{ archive: 's3' }, 's3'],
])('R-D2 a flow test that says %j plays against a %s', async (kinds, kind) => {
  const { connections, sandboxes } = await start(kinds);
  expect(connections.get('archive')?.config).toMatchObject({ kind });
  expect(await sandboxes.get('archive')?.state()).toMatchObject({ objects: {} });
});

test.each([
  [{ archive: 'ftp' }, '/sandboxes/archive', '“archive” has no sandbox “ftp”: there are folder and s3.'],
  [{ other: 's3' }, '/sandboxes/other', '“other” has no sandbox “s3”: there are none to choose from.'],
])('one that says %j is refused at %s', async (kinds, pointer, message) => {
  await expect(start(kinds)).rejects.toMatchObject({ code: 'SANDBOX_KIND_UNKNOWN', message, options: { pointer } });
});
