import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-eval-'));
const command = [commandLine, 'eval'];
const env = plainEnvironment;

/** `millrace eval …` as users call it. */
function evaluated(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, ...args], {
    cwd: folder,
    env,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function fileWith(text: string): string {
  const file = join(folder, 'input.json');
  writeFileSync(file, text);
  return file;
}

describe('millrace eval', () => {
  test('prints the value without losing a digit, from a file or standard input; nothing where there is none', () => {
    const order = '{"id":9007199254740993,"price":0.10}';
    expect(evaluated(['[id, price]', '--input', fileWith(order)])).toEqual({
      status: 0,
      stdout: '[\n  9007199254740993,\n  0.1\n]\n',
      stderr: '',
    });
    expect(evaluated(['id', '--input', '-'], order).stdout).toBe('9007199254740993\n');
    expect(evaluated(['missing', '--input', '-'], order)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(evaluated(['$'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test.each<[string, string[], string]>([
    ['an expression that is none', ['a +'], 'EXPRESSION_PARSE: The expression ends too early. (at character 3)'],
    [
      'an expression that fails',
      ['1 + "a"'],
      'EXPRESSION_FAILED: The right side of “+” must be a number. (at character 3)',
    ],
    ['a file that is not there', ['1', '--input', 'nowhere.json'], 'FILE_UNREADABLE: nowhere.json cannot be read.'],
    ['data nested without measure', ['$', '--input', '-'], 'DATA_TOO_DEEP: The result is nested too deeply.'],
  ])('ends with 1 and one line for %s', (_, args, line) => {
    expect(evaluated(args, '['.repeat(100_000) + ']'.repeat(100_000))).toEqual({
      status: 1,
      stdout: '',
      stderr: `${line}\n`,
    });
  });

  test('ends with 1 for a file that is not JSON', () => {
    const { status, stderr } = evaluated(['1', '--input', fileWith('{"a": }')]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^BAD_JSON: .*input\.json is not JSON: .*\n$/)]);
  });

  test.each([[[]], [['1', '--jsonl']], [['--jsonl', '--input', 'x.json']]])('called as %j ends with 2', (args) => {
    expect(evaluated(args)).toMatchObject({ status: 2, stderr: expect.stringContaining('--jsonl') });
  });
});

describe('millrace eval --jsonl', () => {
  test('answers a line for a line, goes on after mistakes, and ends with 0', () => {
    const lines = [
      '{"expr":"id","input":{"id":9007199254740993}}',
      '{"expr":"nothing","input":{}}',
      '{"expr":"1 + \\"a\\""}',
      '{"expr":"$b[0]","bindings":{"b":[null]}}\r',
      'no JSON',
      '',
      '{"expr":"1","inputs":{}}',
      '["expr"]',
      '{"expr":"1","bindings":[1]}',
      '{"expr":"1 +"}',
      '{"expr":"$eval(\\"1\\")"}',
    ];
    const { status, stdout, stderr } = evaluated(['--jsonl'], lines.join('\n'));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      '{"result":9007199254740993}',
      '{}',
      '{"error":{"code":"T2002","message":"The right side of “+” must be a number."}}',
      '{"result":null}',
      '{"error":{"code":"BAD_JSON","message":"The line is not JSON."}}',
      '{"error":{"code":"BAD_JSON","message":"The line is not JSON."}}',
      '{"error":{"code":"LINE_INVALID","message":"A line has “expr”, “input” and “bindings”, not “inputs”."}}',
      '{"error":{"code":"LINE_INVALID","message":"A line is an object with an “expr”, a text."}}',
      '{"error":{"code":"LINE_INVALID","message":"“bindings” is an object: values by name, without the $."}}',
      '{"error":{"code":"S0207","message":"The expression ends too early."}}',
      '{"error":{"code":"EXPRESSION_EVAL_OFF","message":"$eval is switched off: text from data is never run as an expression."}}',
      '',
    ]);
  });

  test('answers each line as it comes, without waiting for the next', async () => {
    const child = spawn(process.execPath, [...command, '--jsonl'], { cwd: folder, env });
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    for (const n of [1, 2, 3]) {
      child.stdin.write(`{"expr":"$ * 2","input":${n}}\n`);
      expect((await answers.next()).value).toBe(`{"result":${n * 2}}`);
    }
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [...command, '--jsonl'], { cwd: folder, env });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => {}).write('{"expr":"1"}\n');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.write('{"expr":"$pad(\\"\\", 100000, \\"x\\")"}\n'.repeat(100));
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(stderr).toBe('');
  });
});
