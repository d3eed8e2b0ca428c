import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { box } from '../browser/flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';

const waiting = {
  flow: {
    format: 1,
    id: 'approvals',
    name: 'Approvals',
    nodes: {
      begin: { type: 'core/manual', version: 1, title: 'Order', config: {} },
      ack: {
        type: 'core/wait-for-signal',
        version: 1,
        title: 'Wait for the approval',
        config: { channel: 'approvals', key: '{% number %}', dueAfter: 'P1D' },
      },
    },
    edges: [{ from: 'begin', to: 'ack' }],
  },
  layout: { nodes: { begin: { x: 0, y: 0 }, ack: { x: 360, y: 0 } } },
  samples: {},
  tests: {},
  records: [],
};

describe.skipIf(!hasBrowser)(`an answer under a wrong key${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    await studio.call('POST', '/flows', waiting);
    await studio.call('POST', '/flows/approvals/deploy', {});
    for (const number of ['PO-9', 'PO-4711'])
      await studio.call('POST', '/flows/approvals/run', { payload: { number } });
    await studio.call('POST', '/signals', { channel: 'approvals', key: 'PO-4771', payload: { by: '<b>Olga</b>' } });
  });
  afterAll(() => studio?.stop());

  test('R-D4 is found among the unmatched, given to the run that waits for it, and that goes on', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Waiting', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'PO-4711' }).getByText('Waiting').waitFor();
    await page.getByText('Unmatched answers').click();
    const orphan = page.getByRole('row').filter({ hasText: 'PO-4771' });
    await orphan.getByText('Too early').waitFor();
    await orphan.getByRole('button', { name: 'Match to…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Who has waited for this answer?' });
    await dialog.getByText('"<b>Olga</b>"').waitFor();
    const likeliest = dialog.getByRole('radio').first();
    expect(await likeliest.getAttribute('value')).toBe(
      await dialog.getByRole('radio', { name: /PO-4711/ }).getAttribute('value'),
    );
    await likeliest.check();
    await dialog.getByRole('button', { name: 'Give to this run' }).click();
    await page.getByText('Every answer has found its run').waitFor();

    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Key' }).fill('PO-4711');
    const found = page.getByRole('row').filter({ hasText: 'Approvals' });
    await expect.poll(() => found.count()).toBe(1);
    await found.getByText('Succeeded').waitFor();
    await found.getByRole('link').click();
    await box(page, 'Wait for the approval').getByText('Done').waitFor();
    expect(studio.faults).toEqual([]);
  });
});
