import { basename } from 'node:path';
import { createDatabase } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../runtime/config/load.ts';
import { runFlowTests } from '../../runtime/flow-tests/run-suite.ts';
import { readWholeFlow } from '../../runtime/flows/folder.ts';
import { orderFlows } from './orders.fixture.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

test.each(orderFlows.map((folder) => [basename(folder), folder]))(
  'R-O1 R-O2 R-O3 R-O4 the tests of %s hold, and take every edge',
  async (_name, folder) => {
    const config = loadConfig({ DATABASE_URL: database.url }, '/');
    const { tests, untaken } = await runFlowTests(readWholeFlow(folder), config);
    expect(tests.flatMap(({ file, mismatches }) => mismatches.map((text) => `${file}: ${text}`))).toEqual([]);
    expect(untaken).toEqual([]);
  },
  120_000,
);
