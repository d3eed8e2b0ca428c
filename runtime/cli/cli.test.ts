import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contract';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { expect, test } from 'vitest';
import { failureOf } from './failure.ts';

/** The command as users call it, in an empty folder. */
function millrace(args: string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [commandLine, ...args], {
    cwd: mkdtempSync(join(tmpdir(), 'millrace-cli-')),
    env: { ...plainEnvironment, ...env },
    encoding: 'utf8',
  });
}

test('`millrace config` lists every setting, as a table and as JSON', () => {
  const table = millrace(['config'], { PORT: '9000' });
  expect(table.stdout).toMatch(/^PORT +port +9000 +environment PORT +7400$/m);
  const settings = JSON.parse(millrace(['config', '--json']).stdout) as { name: string }[];
  expect(settings.map(({ name }) => name)).toContain('evaluators');
});

test('a wrong setting is refused at start by name, without a stack trace', () => {
  const { status, stderr } = millrace(['serve'], { PORT: 'abc' });
  expect(stderr).toBe('CONFIG_INVALID: PORT must be a port number from 0 to 65535, not "abc". (/port)\n');
  expect(status).toBe(1);
});

test('a wrong call exits with 2 and says what is wrong; help exits with 0', () => {
  const { status, stderr } = millrace(['flow-around']);
  expect(stderr).toContain("unknown command 'flow-around'");
  expect(status).toBe(2);
  expect(millrace(['--help']).status).toBe(0);
});

test('errors are one line: code, sentence, pointer', () => {
  expect(failureOf(new MillraceError('FLOW_INVALID', 'It has no trigger.', { pointer: '/nodes' }))).toEqual({
    code: 1,
    text: 'FLOW_INVALID: It has no trigger. (/nodes)',
  });
  expect(failureOf(new Error('boom'))).toEqual({ code: 1, text: 'INTERNAL: boom' });
});
