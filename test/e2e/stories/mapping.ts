import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { violationsOn } from '../../browser/axe.ts';
import { box, flowName, openFlow, openSettings } from '../../browser/flow-page.ts';
import { enter, reach } from '../../browser/keyboard.ts';
import type { Studio } from '../../browser/studio.fixture.ts';
import type { Way } from '../ways.ts';

const path = '/flows/order-export-dropzone';
const samplePath = fileURLToPath(new URL('../../../flows/order-export-dropzone/samples/order.json', import.meta.url));
const order = JSON.parse(readFileSync(samplePath, 'utf8'));
const bindings = { tenant: { slug: 'demo' }, run: { id: 'R-1' }, trigger: { body: order } };

interface Made {
  readonly result: unknown;
}

interface Saved {
  readonly revision: number;
  readonly bundle: { readonly flow: { readonly nodes: Record<string, { readonly config: Record<string, unknown> }> } };
}

/** A mapping is made from nothing, and makes what the template's own makes: by a mouse it is dragged, by keys it is found. */
export function mapping(studio: () => Studio, { way }: Way): void {
  describe('a mapping', () => {
    let own: Saved['bundle'];
    let document: Made;
    const saved = () => studio().call('GET', path) as Promise<Saved>;
    const put = async (bundle: Saved['bundle']) => {
      const { revision } = await saved();
      await studio().call('PUT', path, { revision, bundle });
    };
    /** What a mapping of the flow makes of the sample order. */
    const made = async ({ flow }: Saved['bundle']) => {
      const { fields } = flow.nodes.document?.config ?? {};
      return (await studio().call('POST', '/evaluate', { fields, input: order, bindings })) as Made;
    };
    beforeAll(async () => {
      own = (await saved()).bundle;
      document = await made(own);
    });
    beforeEach(() => {
      const nodes = { ...own.flow.nodes, document: { ...own.flow.nodes.document, config: {} } };
      return put({ ...own, flow: { ...own.flow, nodes } });
    });
    afterAll(() => put(own));
    const example = () => JSON.stringify(document.result, undefined, 2);

    test.runIf(way === 'mouse')(
      'R-X4 from an empty mapping by mouse: an example, suggestions, a drag, clicks and a text make what the template makes',
      async () => {
        const page = await studio().visit();
        await openFlow(page);
        await (await openSettings(page, 'Export document')).getByRole('button', { name: 'Open mapping' }).click();
        await page.getByRole('button', { name: 'Describe the result' }).click();
        await page.getByRole('textbox', { name: 'Example' }).click();
        await page.keyboard.insertText(example());
        await page.getByRole('button', { name: 'Use', exact: true }).click();
        await page.getByText(/required fields are unmapped/).waitFor();
        await page.getByRole('button', { name: /^Suggestions/ }).click();
        await page.getByRole('button', { name: 'Accept all' }).click();
        await (await find(page, 'lines')).getByText('each of lines', { exact: true }).waitFor();

        const search = page.getByRole('textbox', { name: 'Search sources' });
        await search.fill('slug');
        await drag(page, source(page, '$tenant.slug'), await find(page, 'org_slug'));
        await target(page, 'org_slug').getByText('$tenant.slug', { exact: true }).waitFor();
        await search.fill('$run');
        await source(page, '$run.id').click();
        await (await find(page, 'meta.export_id')).click();
        await target(page, 'meta.export_id').getByText('$run.id', { exact: true }).waitFor();
        await search.fill('$trigger.body.header.currency');
        await drag(page, source(page, '$trigger.body.header.currency'), await find(page, 'lines[].currency'));
        await page.getByRole('button', { name: 'stand in where it has no value' }).click();
        await (await find(page, 'export_version')).click();
        await page.getByRole('textbox', { name: 'From', exact: true }).click();
        await page.keyboard.insertText('"orderflow_export_json_v1"');
        await page.getByText('Up to date').waitFor();
        expect(await page.getByText(/unmapped/).count()).toBe(0);
        await page.getByText('Saved', { exact: true }).waitFor();
        expect(await made((await saved()).bundle)).toEqual(document);

        expect(await violationsOn(page)).toEqual([]);
      },
    );

    test.runIf(way !== 'mouse')('R-X4 the same by keyboard alone', async () => {
      const page = await studio().visit();
      await page.getByRole('link', { name: flowName, exact: true }).waitFor();
      await enter(page, page.getByRole('link', { name: flowName, exact: true }));
      await enter(page, box(page, 'Export document'));
      await enter(page, page.getByRole('button', { name: 'Open mapping' }));
      await enter(page, page.getByRole('button', { name: 'Describe the result' }));
      await reach(page, page.getByRole('textbox', { name: 'Example' }));
      await page.keyboard.insertText(example());
      await enter(page, page.getByRole('button', { name: 'Use', exact: true }));
      await enter(page, page.getByRole('button', { name: /^Suggestions/ }));
      await enter(page, page.getByRole('button', { name: 'Accept all' }));

      await mapTo(page, '$tenant.slug', 'org_slug');
      await mapTo(page, '$run.id', 'meta.export_id');
      await mapTo(page, '$trigger.body.header.currency', 'lines[].currency');
      await enter(page, page.getByRole('button', { name: 'stand in where it has no value' }));
      await reach(page, page.getByRole('tree', { name: 'Targets' }));
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await reach(page, page.getByRole('textbox', { name: 'From', exact: true }));
      await page.keyboard.insertText('"orderflow_export_json_v1"');
      await target(page, 'export_version').getByText('"orderflow_export_json_v1"', { exact: true }).waitFor();
      await page.getByText('Saved', { exact: true }).waitFor();
      expect(await made((await saved()).bundle)).toEqual(document);
    });
  });
}

function row(page: Page, tree: string, way: string): Locator {
  return page
    .getByRole('tree', { name: tree })
    .getByRole('treeitem', { name: `${way},` })
    .filter({ visible: true })
    .first();
}

function source(page: Page, way: string): Locator {
  return row(page, 'Sources', way);
}

function target(page: Page, way: string): Locator {
  return row(page, 'Targets', way);
}

/** Of a long tree only what is seen is drawn, so that one looks for a field by its name. */
async function find(page: Page, way: string): Promise<Locator> {
  await page.getByRole('textbox', { name: 'Search targets' }).fill(way);
  return target(page, way);
}

async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  await to.scrollIntoViewIfNeeded();
  await from.hover();
  await page.mouse.down();
  const { x = 0, y = 0, width = 0, height = 0 } = (await to.boundingBox()) ?? {};
  await page.mouse.move(x + width / 3, y + height / 2, { steps: 6 });
  await page.mouse.up();
}

/** Finds a source by typing, and leads it to a target that is found in the same way. */
async function mapTo(page: Page, from: string, to: string): Promise<void> {
  await reach(page, page.getByRole('textbox', { name: 'Search sources' }));
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(from);
  await source(page, from).waitFor();
  await reach(page, page.getByRole('tree', { name: 'Sources' }));
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await reach(page, page.getByRole('combobox', { name: 'Map to…' }));
  await page.keyboard.insertText(to);
  await page.getByRole('option', { name: to, exact: true }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}
