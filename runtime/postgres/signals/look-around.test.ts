import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRuns, type RunsFixture } from '../runs/runs.fixture.ts';
import { lookAround } from './look-around.ts';

let fixture: RunsFixture;
beforeAll(async () => {
  fixture = await openRuns();
});
afterAll(() => fixture.close());

/** Of a plan as `explain (analyze, format json)` gives it. */
interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

function rowsRead({ Plans = [], ...node }: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return Math.max(own, ...Plans.map(rowsRead));
}

test('R-D4 of a key with many waits in the archive only a few rows are read, whether the signal came before or not', async () => {
  const { tenant } = await fixture.tenantWith(0);
  const place = { tenant, environment: 'production', channel: 'ack', key: '4711' };
  const signal = (fingerprint: string) => ({ ...place, source: 'test', fingerprint, payload: {} });
  const where = sql`${tenant}::uuid, 'production', 'ack', '4711'`;
  const { rows, plan } = await fixture.database.byIndex.asTenants([tenant], async (tx) => {
    await sql`
      insert into millrace.mailbox (tenant_id, environment, channel, key, wait_id, detail)
      select ${where}, gen_random_uuid(), '{}' from generate_series(1, 2000)`.execute(tx);
    await sql`
      insert into millrace.mailbox_signal (tenant_id, environment, channel, key, fingerprint)
      select ${where}, 'ack_' || n from generate_series(1, 2000) as n`.execute(tx);
    const question = lookAround([signal('ack_1000'), signal('new')]);
    const explained = await sql<{ 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>`
      explain (analyze, format json) ${question}`.execute(tx);
    return { ...(await question.execute(tx)), plan: explained.rows[0]?.['QUERY PLAN'][0].Plan as PlanNode };
  });
  expect(rows).toMatchObject([
    { closed: true, repeated: true, wait: null },
    { closed: true, repeated: false, wait: null },
  ]);
  expect(rowsRead(plan)).toBeLessThan(10);
});
