import type { FlowBundle } from '@millrace/flow';
import { createDatabase } from '@millrace/testing';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/load.ts';
import type { SuiteReport } from './report.ts';
import { createScratchDatabase, dropScratchDatabases, newScratchName } from './scratch-databases.ts';
import { openSuites } from './suites.ts';

const flow = (id: string) => ({ flow: { id, nodes: {}, edges: [] }, tests: { one: {} } }) as unknown as FlowBundle;
const report: SuiteReport = { tests: [], untaken: [], passed: 0, failed: 0 };

/** Suites that end when the test says so, by the ids of their flows in the order in which they began. */
function suitesThat(atOnce: number) {
  const begun: string[] = [];
  const ends = new Map<string, (report: SuiteReport) => void>();
  const config = { ...loadConfig({ MILLRACE_TEST_SUITES: String(atOnce) }, '/'), databaseUrl: 'postgresql://nowhere' };
  const suites = openSuites(config, ({ bundle }) => {
    begun.push(bundle.flow.id);
    return new Promise((resolve) => ends.set(bundle.flow.id, resolve));
  });
  const run = (tenant: string, id: string) => suites.run(tenant, { bundle: flow(id) });
  const end = (id: string) => ends.get(id)?.(report);
  return { begun, run, end };
}

test('of a tenant one suite runs after the other, however many places there are', async () => {
  const { begun, run, end } = suitesThat(2);
  const [a1, a2, b1] = [run('a', 'a1'), run('a', 'a2'), run('b', 'b1')];
  expect(begun).toEqual(['a1', 'b1']);
  end('a1');
  await expect(a1).resolves.toEqual(report);
  await expect.poll(() => begun).toEqual(['a1', 'b1', 'a2']);
  end('b1');
  end('a2');
  await Promise.all([a2, b1]);
});

test('those of several tenants run in turn, however many one has', async () => {
  const { begun, run, end } = suitesThat(1);
  const all = [run('a', 'a1'), run('a', 'a2'), run('a', 'a3'), run('b', 'b1'), run('c', 'c1')];
  const inTurn = ['a1', 'a2', 'b1', 'c1', 'a3'];
  for (const [index, id] of inTurn.entries()) {
    await expect.poll(() => begun).toEqual(inTurn.slice(0, index + 1));
    end(id);
  }
  await Promise.all(all);
});

test('a tenant with many waiting suites is told to come again, and others are not', async () => {
  const { begun, run } = suitesThat(1);
  for (let count = 0; count <= 10; count++) void run('a', `a${count}`).catch(() => undefined);
  await expect(run('a', 'more')).rejects.toMatchObject({ code: 'TESTS_WAITING', category: 'rate-limit' });
  void run('b', 'b1').catch(() => undefined);
  expect(begun).toEqual(['a0']);
});

test('a suite that takes too long is ended, and tells so', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const config = { ...loadConfig({ MILLRACE_TEST_TIMEOUT: '200ms' }, '/'), databaseUrl: database.url };
  const suites = openSuites(config);
  await expect(suites.run('a', { bundle: flow('a') })).rejects.toMatchObject({ code: 'TESTS_TOO_LONG' });
  await suites.close();
}, 60_000);

test('what a killed suite leaves behind is removed, and nothing of others', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const [mine, others] = [newScratchName(), newScratchName()];
  await createScratchDatabase(database.url, mine);
  const kept = await createScratchDatabase(database.url, others);
  await dropScratchDatabases(database.url, mine);
  await dropScratchDatabases(database.url, mine);
  await kept.drop();
}, 60_000);
