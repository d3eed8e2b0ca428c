import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import { createDatabase } from '@millrace/testing';
import { bundled } from '@millrace/testing/bundled';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import pg from 'pg';
import { expect, test } from 'vitest';
import { type CrashPoint, crashPoints } from '../../runtime/engine/crash-points.ts';
import { migrate } from '../../runtime/postgres/migrate.ts';

const worker = await bundled({ title: 'what is killed', name: 'worker', folder: 'test/faults', source: 'worker.ts' });
const order = fileURLToPath(new URL('../../flows/order-export-dropzone/samples/order.json', import.meta.url));

test.concurrent.each(crashPoints)(
  'T0 killed at every pass of “%s”, the order is still exported once',
  { timeout: 300_000 },
  async (point) => {
    let kills = 0;
    while (await survivesKillAt(point, kills + 1)) kills++;
    expect(kills).toBeGreaterThan(0);
  },
);

/** One order on a fresh instance that dies at the n-th pass; false where there is no n-th pass. */
async function survivesKillAt(point: CrashPoint, pass: number): Promise<boolean> {
  const scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  const home = mkdtempSync(join(tmpdir(), 'millrace-fault-'));
  const dropzone = join(home, 'dropzone');
  for (const folder of ['out', 'ack']) mkdirSync(join(dropzone, folder), { recursive: true });
  const answers: string[] = [];
  // For the timers' sake the acknowledgement is overdue before it comes.
  const [answerAfterMs, ackDue] = point === 'timer.fired' ? [2_500, 'PT0.5S'] : [0, 'PT4H'];
  const erp = startSandboxErp({ folder: dropzone, answerAfterMs, log: (line) => answers.push(line) });
  const env = { ...plainEnvironment, DATABASE_URL: scratch.url, MILLRACE_HOME: home, MILLRACE_LEASE: '1s' };
  try {
    const signal = await runWorker([dropzone, order, ackDue], { ...env, MILLRACE_CRASH_AT: `${point}:${pass}` });
    if (signal === 'SIGKILL') expect(await runWorker([dropzone], env)).toBeNull();
    await expectBooksToAgree(scratch.url, dropzone, join(home, 'objects'), answers);
    return signal === 'SIGKILL';
  } finally {
    await erp.stop();
    await scratch.drop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function runWorker(args: string[], env: Record<string, string | undefined>): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [worker, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (signal === null) expect(code).toBe(0);
  return signal;
}

/** One accepted order: one ending, one distinct file however often it was written, one record, nothing left open. */
async function expectBooksToAgree(url: string, dropzone: string, objects: string, answers: string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("select set_config('app.tenants', array_agg(id)::text, false) from millrace.tenant");
  const rows = async (query: string) => (await client.query(query)).rows;
  try {
    expect(
      await rows(
        "select status, lease_holder, error->>'code' as error, error->>'message' as message from millrace.run",
      ),
    ).toEqual([{ status: 'succeeded', lease_holder: null, error: null, message: null }]);
    expect(
      await rows("select data->>'status' as status, data->>'erp_order_id' as number, version from millrace.record"),
    ).toEqual([{ status: 'ACKED', number: expect.stringMatching(/^SO-/), version: 3 }]);
    expect(await rows("select from millrace.wait where state = 'open'")).toEqual([]);
    expect(await rows('select from millrace.timer')).toEqual([]);
    expect(await rows("select from millrace.signal where state in ('matched', 'rejected', 'malformed')")).toEqual([]);
    expect(await rows("select status from millrace.step where status <> 'done'")).toEqual([]);
  } finally {
    await client.end();
  }
  const orders = new Set(answers.map((line) => line.split(' ')[0]));
  expect(orders.size).toBe(1);
  expect(answers.length).toBeLessThanOrEqual(2);
  expect(readdirSync(join(dropzone, 'out'))).toEqual([]);
  expect(readdirSync(objects, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toHaveLength(
    1,
  );
}
