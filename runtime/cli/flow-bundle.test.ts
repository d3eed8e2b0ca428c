import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readJson } from '@millrace/contract';
import { canonicalJson, type FlowBundle } from '@millrace/flow';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { expect, test } from 'vitest';
import { readFlow, readWholeFlow } from '../flows/folder.ts';

const template = join(import.meta.dirname, '../../flows/order-export-dropzone');

/** The command as users call it. */
function bundle(path: string) {
  const args = [commandLine, 'flow', 'bundle', path];
  return spawnSync(process.execPath, args, { env: plainEnvironment, encoding: 'utf8' });
}

test('R-X1 a folder becomes one document, and that is the same flow again', () => {
  const { status, stdout } = bundle(template);
  expect(status).toBe(0);
  const printed = readJson(stdout) as unknown as FlowBundle;
  expect(canonicalJson(printed)).toBe(canonicalJson(readWholeFlow(template)));
  expect(Object.keys(printed).sort()).toEqual(['flow', 'layout', 'records', 'samples', 'tests']);
});

test('what is no flow is refused, and nothing is printed', () => {
  const nothing = join(template, 'samples');
  expect(readFlow(nothing).bundle).toBeUndefined();
  const { status, stdout, stderr } = bundle(nothing);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('flow.json');
});
