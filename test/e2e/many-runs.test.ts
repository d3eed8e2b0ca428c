import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowName } from '../browser/flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';

const many = 100_000;

describe.skipIf(!hasBrowser)(`a hundred thousand runs${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    const client = new pg.Client(studio.databaseUrl);
    await client.connect();
    // Like the one that there is, one after the other in the hours before it.
    await client.query(`
      insert into millrace.run (id, tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger,
        source, status, started_at, finished_at)
      select uuidv7(n * interval '-100 ms' - interval '1 minute'), tenant_id, environment, flow_id, version, parameters, connections,
        trigger_node, trigger, 'run ' || n, 'succeeded', started_at - n * interval '100 ms', finished_at - n * interval '100 ms'
      from millrace.run, generate_series(1, ${many}) as n`);
    await client.end();
  });
  afterAll(() => studio?.stop());

  test('R-X4 scroll without an end, few of them drawn, and the newest stay live', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    const rows = page.getByRole('row').filter({ hasText: flowName });
    await rows.first().waitFor();
    const content = page.locator('#content');
    for (const goal of ['run 150', 'run 350', 'run 550']) {
      await expect
        .poll(
          async () => {
            await content.evaluate((element) => element.scrollBy(0, 4_000));
            return (await page.getByRole('row').allTextContents()).some((text) => rowNumber(text) >= rowNumber(goal));
          },
          { timeout: 20_000 },
        )
        .toBe(true);
    }
    expect(await rows.count()).toBeLessThan(80);
    await content.evaluate((element) => element.scrollTo(0, 0));
    const { runId } = (await studio.call('POST', '/flows/order-export-dropzone/run', { payload: {} })) as {
      runId: string;
    };
    await page.locator(`a[href="/runs/${runId}"]`).waitFor();
    await page.getByRole('button', { name: 'Started' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: `run ${many}` })
      .first()
      .waitFor();
    expect(studio.faults).toEqual([]);
  });
});

function rowNumber(text: string): number {
  return Number(/run (\d+)/.exec(text)?.[1] ?? 0);
}
