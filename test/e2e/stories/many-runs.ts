import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Studio } from '../../browser/studio.fixture.ts';

const many = 100_000;
const flow = 'order-export-dropzone';

/** A list that nobody scrolls to its end. */
export function manyRuns(studio: () => Studio): void {
  describe('a hundred thousand runs', () => {
    beforeAll(async () => {
      const client = new pg.Client(studio().databaseUrl);
      await client.connect();
      // Like the demo's first one, one after the other in the hours before it.
      await client.query(`
        insert into millrace.run (id, tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger,
          source, status, started_at, finished_at)
        select uuidv7(n * interval '-100 ms' - interval '1 hour'), tenant_id, environment, flow_id, version, parameters,
          connections, trigger_node, trigger, 'run ' || n, 'succeeded', started_at - n * interval '100 ms',
          finished_at - n * interval '100 ms'
        from (select * from millrace.run where flow_id = '${flow}' order by id limit 1) as first, generate_series(1, ${many}) as n`);
      await client.end();
    });

    test('R-X4 scroll without an end, few of them drawn, and the newest stay live', async () => {
      const page = await studio().visit();
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      const rows = page.getByRole('row');
      await rows.nth(1).waitFor();
      const content = page.locator('#content');
      const lastSeen = async () => {
        await content.evaluate((element) => element.scrollBy(0, 4_000));
        return Math.max(...(await rows.allTextContents()).map(numberIn));
      };
      await expect.poll(lastSeen, { timeout: 60_000 }).toBeGreaterThan(550);
      expect(await rows.count()).toBeLessThan(80);
      await content.evaluate((element) => element.scrollTo(0, 0));
      const { runId } = (await studio().call('POST', `/flows/${flow}/run`, { payload: {} })) as { runId: string };
      await page.locator(`a[href="/runs/${runId}"]`).waitFor();
      await page.getByRole('button', { name: 'Started' }).click();
      await rows.filter({ hasText: `run ${many}` }).waitFor();
    });
  });
}

function numberIn(row: string): number {
  return Number(/run (\d+)/.exec(row)?.[1] ?? 0);
}
