import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

/** A disk of 1 MB that only the command and its children see. */
const onSmallDisk = 'mount -t tmpfs -o size=1m tmpfs "$1" && shift && exec "$@"';

function inNamespace(folder: string, ...command: string[]): string {
  return execFileSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', onSmallDisk, 'sh', folder, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function mayMount(): boolean {
  try {
    inNamespace(tmpdir(), 'true');
    return true;
  } catch {
    return false;
  }
}

const skipped = mayMount() ? '' : ' (skipped: this machine lets nobody mount a small disk of their own)';

test.skipIf(skipped !== '')(`R-D3 a full disk is told, and no half file is left (66)${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-full-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const script = fileURLToPath(new URL('./fill-disk.fixture.ts', import.meta.url));
  const told = inNamespace(folder, process.execPath, script, folder);
  expect(JSON.parse(told)).toEqual({ code: 'DISK_FULL', category: 'transient', left: [] });
});
