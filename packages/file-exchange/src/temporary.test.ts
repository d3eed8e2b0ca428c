import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withFileExchange } from './open.ts';
import { folderPlace } from './places.fixture.ts';
import { clearTemporaries, sweepTemporaries, temporaryNameOf } from './temporary.ts';

const { signal } = new AbortController();

test('a retry clears what its own attempts left, and nothing of other steps or files', async () => {
  const { config, root, stop } = await folderPlace();
  onTestFinished(stop);
  const own = [temporaryNameOf('a.json', 'step-1'), temporaryNameOf('a.json', 'step-1')];
  const foreign = [temporaryNameOf('a.json', 'step-2'), temporaryNameOf('b.json', 'step-1'), '.a.json.tmp', 'a.json'];
  for (const name of [...own, ...foreign]) await writeFile(join(root, name), 'half');
  await withFileExchange(config, { signal }, (exchange) => clearTemporaries(exchange, '', 'a.json', 'step-1'));
  expect((await readdir(root)).sort()).toEqual(foreign.sort());
});

test('a sweep removes temporary files of ours that are older than a day', async () => {
  const { config, root, stop } = await folderPlace();
  onTestFinished(stop);
  const [old, young] = [temporaryNameOf('a', '1'), temporaryNameOf('a', '2')];
  const foreign = '.somebody.elses.tmp';
  for (const name of [old, young, foreign]) await writeFile(join(root, name), 'half');
  const now = Date.now();
  for (const name of [old, foreign]) await utimes(join(root, name), new Date(now), new Date(now - 25 * 3_600_000));
  await withFileExchange(config, { signal }, async (exchange) => {
    await sweepTemporaries(exchange, '', now);
    await sweepTemporaries(exchange, 'no-such-folder', now);
  });
  expect((await readdir(root)).sort()).toEqual([young, foreign].sort());
});
