import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(import.meta.resolve('./long-list.fixture.ts'));

/** 200,000 items of 400 characters and more are 80 MB and more; the heap of the process that parses them has 40 MB. */
test.each(['csv', 'json', 'jsonLines'])('a list of 200,000 items in %s is never held in memory', async (format) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=40', script, format, '200000']);
  expect(stdout).toBe('200000\n');
});
