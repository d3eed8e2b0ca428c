import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inFolder } from './anchor.ts';

async function folders() {
  const root = await mkdtemp(join(tmpdir(), 'millrace-anchor-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'shared/sub'), { recursive: true });
  await mkdir(join(root, 'outside'));
  await writeFile(join(root, 'outside/name'), 'secret');
  await writeFile(join(root, 'shared/sub/name'), 'mine');
  return root;
}

test.runIf(process.platform === 'linux')(
  'R-D3 a folder swapped for a link after the check still leads to the folder that was checked (54)',
  async () => {
    const root = await folders();
    await inFolder(join(root, 'shared'), ['sub'], async ({ path }) => {
      await rename(join(root, 'shared/sub'), join(root, 'shared/gone'));
      await symlink(join(root, 'outside'), join(root, 'shared/sub'));
      expect(await readFile(join(root, 'shared/sub/name'), 'utf8')).toBe('secret');
      expect(await readFile(`${path}/name`, 'utf8')).toBe('mine');
      await writeFile(`${path}/new`, 'x');
    });
    expect(await readdir(join(root, 'outside'))).toEqual(['name']);
    expect((await readdir(join(root, 'shared/gone'))).sort()).toEqual(['name', 'new']);
  },
);

test('R-D3 a link in the place of a folder is not entered; the root itself may be one', async () => {
  const root = await folders();
  await symlink(join(root, 'outside'), join(root, 'shared/link'));
  await expect(inFolder(join(root, 'shared'), ['link'], async () => undefined)).rejects.toMatchObject({
    code: expect.stringMatching(/ENOTDIR|ELOOP/),
  });
  const entered = await inFolder(join(root, 'shared/link'), [], ({ path }) => readFile(`${path}/name`, 'utf8'));
  expect(entered).toBe('secret');
});

test.runIf(process.platform === 'linux')('no folder stays open, whether the work succeeds or fails', async () => {
  const root = await folders();
  const before = (await readdir('/proc/self/fd')).length;
  for (let round = 0; round < 20; round++) {
    await inFolder(root, ['shared', 'sub'], async () => undefined);
    await inFolder(root, ['shared', 'none'], async () => undefined).catch(() => undefined);
    await inFolder(root, ['shared'], () => Promise.reject(new Error('no'))).catch(() => undefined);
  }
  expect((await readdir('/proc/self/fd')).length).toBe(before);
});
