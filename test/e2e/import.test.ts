import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Json, readJson, writeJson } from '@millrace/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box, flowName, openFlow } from '../browser/flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';
import { usedBy, ways } from './ways.ts';

interface Bundle {
  readonly flow: {
    readonly id: string;
    readonly nodes: Record<string, { title?: string; config: Record<string, unknown> }>;
    readonly edges: { from: string; to: string }[];
  };
}

describe.skipIf(!hasBrowser).each(ways)(
  `a flow edited as a file, by $way, in a real browser${skippedWithout}`,
  (way) => {
    let studio: Studio;
    beforeAll(async () => {
      studio = usedBy(way, await startStudio());
    });
    afterAll(() => studio.stop());
    afterEach(() => expect(studio.faults).toEqual([]));

    test('R-E6 a flow is exported, edited, imported with mistakes of which all are shown and nothing is written, mended, imported and compared', async () => {
      const page = await studio.visit();
      await openFlow(page);
      const file = join(studio.home, 'edited.flow.json');
      const exported = await exportInto(page, file);
      const mended = edited(exported);
      const { id } = mended.flow;
      const before = await studio.call('GET', `/flows/${id}`);

      const mistaken = edited(exported);
      mistaken.flow.edges.push({ from: 'deliver', to: 'nowhere' });
      if (mistaken.flow.nodes.document) mistaken.flow.nodes.document.config.fields = 7;
      await importFrom(page, file, mistaken);
      const refused = page.getByRole('dialog');
      await refused.getByText('/flow/nodes/document/config/fields').first().waitFor();
      await refused
        .getByText(/nowhere/)
        .first()
        .waitFor();
      await refused.getByText('Nothing was written.').waitFor();
      expect(await refused.getByRole('button', { name: 'Replace the draft' }).isDisabled()).toBe(true);
      await page.keyboard.press('Escape');
      await refused.waitFor({ state: 'detached' });
      expect(await studio.call('GET', `/flows/${id}`)).toEqual(before);

      await importFrom(page, file, mended);
      await page.getByRole('dialog').getByText('Nothing is wrong with it.').waitFor();
      await page.getByRole('button', { name: 'Replace the draft' }).click();
      await box(page, 'Deliver to the ERP').waitFor();
      await page.getByRole('link', { name: 'Versions', exact: true }).click();
      await page.getByRole('link', { name: 'Compare with draft' }).click();
      await box(page, 'Deliver to the ERP').getByText('Changed').waitFor();
      await page.getByRole('complementary', { name: 'Difference as text' }).getByText('1 change').waitFor();
      expect(await page.getByText('Changed', { exact: true }).count()).toBe(1);
    });

    test('R-F6 a version is deployed with a note, paused, resumed and rolled back', async () => {
      const page = await studio.visit();
      await openFlow(page);
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      const deploying = page.getByRole('dialog', { name: 'Deploy to production' });
      await deploying.getByRole('textbox', { name: 'Note' }).fill('Shorter file names');
      await deploying.getByRole('button', { name: 'Deploy' }).click();
      await deploying.waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Versions', exact: true }).click();
      const production = page.getByRole('article', { name: 'Production' });
      await production.getByText('Version 2').waitFor();
      await production.getByText(/Shorter file names/).waitFor();
      await production.getByRole('button', { name: 'Pause' }).click();
      await production.getByText('Paused', { exact: true }).waitFor();
      await production.getByRole('button', { name: 'Resume' }).click();
      await production.getByRole('button', { name: 'Pause' }).waitFor();
      await page.getByRole('button', { name: 'Roll back to version 1 of production' }).click();
      const rolling = page.getByRole('dialog', { name: 'Roll back production to version 1?' });
      await rolling.getByRole('button', { name: 'Roll back to this' }).click();
      await production.getByText('Version 1').waitFor();
    });

    test('R-F9 the tests of a flow run, and the edges that none takes are told', async () => {
      const page = await studio.visit();
      await openFlow(page);
      await page.getByRole('link', { name: 'Tests', exact: true }).click();
      const panel = page.getByRole('complementary', { name: 'Tests of this flow' });
      await panel.getByText('Not run yet').first().waitFor();
      await page.getByRole('button', { name: 'Run all tests' }).click();
      await panel
        .getByRole('status')
        .getByText(/\d+ pass/)
        .waitFor({ timeout: 60_000 });
      await panel.getByRole('heading', { name: 'Edges that no test takes' }).waitFor();
    });

    test('R-X4 a new flow begins from nothing but its name', async () => {
      const page = await studio.visit();
      await page.getByRole('link', { name: flowName, exact: true }).waitFor();
      await page.getByRole('button', { name: 'New flow' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('<b>Orders</b> to the ERP');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: '<b>Orders</b> to the ERP' }).waitFor();
      await page.getByText('An empty flow').waitFor();
    });
  },
);

/** The exported file with another name for what is delivered; its decimals stay as they are. */
function edited(text: string): Bundle {
  const bundle = readJson(text) as unknown as Bundle;
  const { deliver } = bundle.flow.nodes;
  if (deliver) deliver.config.fileName = '{% $steps.document.draft_order_id & ".json" %}';
  return bundle;
}

async function exportInto(page: Page, path: string): Promise<string> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export as JSON' }).click();
  await (await download).saveAs(path);
  return readFile(path, 'utf8');
}

/** Chooses the file on the page of flows. */
async function importFrom(page: Page, path: string, bundle: Bundle): Promise<void> {
  await writeFile(path, writeJson(bundle as unknown as Json));
  await page.getByRole('link', { name: 'Flows', exact: true }).first().click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await (await chooser).setFiles(path);
}
