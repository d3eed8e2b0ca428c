import { beforeAll, describe, expect, test } from 'vitest';
import { box } from '../../browser/flow-page.ts';
import type { Studio } from '../../browser/studio.fixture.ts';

const flow = { id: 'totals', name: 'Totals' };

/** Somebody has left a mapping in the middle of a line, and another mends it. */
export function brokenExpression(studio: () => Studio): void {
  describe('a broken expression', () => {
    beforeAll(async () => {
      await studio().call('POST', '/flows', {
        flow: {
          format: 1,
          ...flow,
          nodes: {
            begin: { type: 'core/manual', version: 1, title: 'Order', config: {} },
            sum: {
              type: 'core/map',
              version: 1,
              title: 'Add up',
              config: { expression: '{ "total": $sum(lines.price' },
            },
          },
          edges: [{ from: 'begin', to: 'sum' }],
        },
        layout: { nodes: { begin: { x: 0, y: 0 }, sum: { x: 360, y: 0 } } },
        samples: { order: { lines: [{ price: 2 }, { price: 3 }] } },
        tests: {},
        records: [],
      });
    });

    test('R-X4 is found by its problem, understood in its place, mended with the result in sight, and runs', async () => {
      const page = await studio().visit();
      await page.getByRole('link', { name: flow.name, exact: true }).click();
      await box(page, 'Add up').getByText('1 problem').waitFor();
      await page.getByRole('button', { name: '1 problem' }).click();
      await page.getByRole('button', { name: /Add up › expression/ }).click();
      await page.getByRole('alert').getByText('The expression ends too early.').waitFor();
      await page.getByRole('textbox', { name: 'Expression' }).fill('{ "total": $sum(lines.price) }');
      await page.getByText('Up to date').waitFor();
      await page.getByRole('textbox', { name: 'Result' }).getByText('"total": 5').waitFor();
      await page.getByRole('button', { name: 'Back to the flow' }).click();
      await page.getByRole('button', { name: 'No problems' }).waitFor();

      await page.getByRole('button', { name: 'Deploy' }).click();
      const deploying = page.getByRole('dialog', { name: 'Deploy to production' });
      await deploying.getByRole('button', { name: 'Deploy' }).click();
      await page.getByText(/Version \w+ is live/).waitFor();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('dialog', { name: 'Run this flow' }).getByRole('button', { name: 'Start run' }).click();
      await page.getByRole('status').getByText('Succeeded').waitFor();
      const { runs } = (await studio().call('GET', `/runs?flow=${flow.id}`)) as { runs: { status: string }[] };
      expect(runs.map(({ status }) => status)).toEqual(['succeeded']);
    });
  });
}
