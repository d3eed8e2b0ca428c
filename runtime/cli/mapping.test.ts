import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, startInstance } from '../http/test-instance.fixture.ts';
import { requisitions } from '../mappings/requisitions.fixture.ts';
import { commandsOver } from './command.fixture.ts';

/** A server that the commands share the database with. */
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await instance.call('POST', '/flows', requisitions);
  await instance.call('POST', '/flows/requisitions/deploy', { environment: 'sandbox' });
});
afterAll(() => instance?.stop());

const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-mapping-'));
const millrace = commandsOver(() => instance.databaseUrl, folder);
const mapping = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await millrace('mapping', ...args, '--tenant', 'acme');
  return { code, lines: stdout.split('\n').slice(0, -1), stderr };
};
const sandbox = ['--environment', 'sandbox'];
const lineFile = (name: string, ...lines: readonly object[]) => {
  writeFileSync(join(folder, name), JSON.stringify(lines));
  return name;
};

test("R-F10 a tenant's own lines are laid over a mapping, listed, shown and taken back", async () => {
  const listed = await mapping('list', 'requisitions', ...sandbox);
  expect(listed.lines).toEqual(['requisition\tRequisition\t2.1 DEPRECATED, 2.3 ACTIVE']);
  const hazard = lineFile('hazard.json', { to: 'hazard', from: 'un' });
  const first = await mapping('set', 'requisitions', 'requisition', hazard, '--note', 'Dangerous goods');
  expect(first).toMatchObject({ code: 0, lines: [expect.stringMatching(/^[0-9a-f-]{36}\tsandbox$/)] });
  await mapping('set', 'requisitions', 'requisition', lineFile('none.json'));
  const [id = ''] = first.lines[0]?.split('\t') ?? [];
  const back = await mapping('rollback', 'requisitions', 'requisition', id, ...sandbox);
  expect(back.code).toBe(0);
  const [shown, history] = await Promise.all([
    mapping('show', 'requisitions', 'requisition', '--release', '2.3', ...sandbox),
    mapping('history', 'requisitions', 'requisition', ...sandbox),
  ]);
  expect(JSON.parse(shown.lines.join(''))).toContainEqual({ to: 'hazard', from: 'un' });
  expect(history.lines.map((line) => line.split('\t').slice(2))).toEqual([
    ['rollback', 'the command line', ''],
    ['edit', 'the command line', ''],
    ['edit', 'the command line', 'Dangerous goods'],
  ]);
});

test('R-F10 lines that do not go together with the mapping are refused, with each place', async () => {
  const refused = await mapping(
    'set',
    'requisitions',
    'requisition',
    lineFile('bad.json', { to: 'hazard', from: '7' }),
  );
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('MAPPING_INVALID') });
  expect(refused.stderr).toContain('/fields/0');
});
