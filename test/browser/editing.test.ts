import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { box, openFlow, openMappingText, openSettings, typeAtEnd } from './flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';

const path = '/flows/order-export-dropzone';

describe.skipIf(!hasBrowser)(`editing a flow in a real browser${skippedWithout}`, () => {
  let studio: Studio;
  let page: Page;
  let original: unknown;
  beforeAll(async () => {
    studio = await startStudio();
    original = (await savedFlow()).bundle;
  });
  const savedFlow = () => studio.call('GET', path) as Promise<{ revision: number; bundle: unknown }>;
  afterAll(() => studio.stop());
  beforeEach(async () => {
    page = await studio.visit();
    await openFlow(page);
  });
  afterEach(async () => {
    await page.context().close();
    const { revision } = await savedFlow();
    await studio.call('PUT', path, { revision, bundle: original });
    expect(studio.faults).toEqual([]);
  });

  test('R-X4 a mapping is edited with its live result, saves itself, survives a reload, and becomes a version', async () => {
    const text = await openMappingText(page);
    await text.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('$merge([');
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(', { "checked_for": $tenant.slug }])');
    const result = page.getByRole('textbox', { name: 'Result' });
    await result.getByText('"checked_for"').waitFor();
    await result.getByText('"demo"').last().waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.reload();
    await box(page, 'Export document').waitFor();
    const settings = await openSettings(page, 'Export document');
    await settings.getByRole('button', { name: 'Open mapping' }).click();
    await page.getByRole('textbox', { name: 'Expression' }).getByText('"checked_for"').waitFor();
    await page.getByText('Draft differs').waitFor();
    await page.keyboard.press('Control+s');
    await page
      .getByRole('dialog', { name: 'Publish draft' })
      .getByRole('textbox', { name: 'Note' })
      .fill('Checked for');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Version 2 is published').waitFor();
  });

  test('R-X4 looking at another environment keeps what was edited', async () => {
    await box(page, 'Deliver to the ERP').click();
    await page.keyboard.press('Delete');
    await box(page, 'Deliver to the ERP').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /Production$/ }).click();
    await page.getByRole('menuitem', { name: 'Sandbox' }).click();
    await page.getByText('Not deployed').waitFor();
    expect(await box(page, 'Deliver to the ERP').count()).toBe(0);
  });

  test('R-X4 a mapping is tried on what its node got when the flow was run to it', async () => {
    await box(page, 'Export document').dblclick();
    const view = page.getByRole('region', { name: 'Node', exact: true });
    await view.getByRole('button', { name: 'Run to here' }).click();
    await view.getByRole('region', { name: 'Output' }).getByText('export_version').waitFor();
    await view.getByRole('button', { name: 'Open mapping' }).click();
    const input = page.getByRole('combobox', { name: 'Sample' });
    expect(await input.inputValue()).toBe('The last try');
    await page.getByText('Up to date').waitFor();
    await input.click();
    await page.getByRole('option', { name: 'order', exact: true }).click();
    expect(await input.inputValue()).toBe('order');
  });

  test('R-X4 looking at lines as text changes nothing', async () => {
    const text = await openMappingText(page);
    await text.getByText('"export_version"').waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    await page.getByText('Fields', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Line 1: To' }).waitFor();
  });

  test('R-X4 a mistake shows in the editor and on its node, and deploying is refused with it', async () => {
    const mistake = 'The expression ends too early.';
    await typeAtEnd(page, await openMappingText(page), ' &');
    await page.getByRole('alert').filter({ hasText: mistake }).waitFor();
    await page.getByRole('button', { name: 'Back to the flow' }).click();
    await box(page, 'Export document').getByText('1 problem').waitFor();
    await page.getByRole('button', { name: '1 problem' }).click();
    await page.getByRole('button', { name: /Export document › expression/ }).waitFor();
    await page.getByRole('button', { name: 'Deploy' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deploy to production' });
    await dialog.getByRole('alert').filter({ hasText: mistake }).waitFor();
    expect(await dialog.getByRole('button', { name: 'Deploy' }).isDisabled()).toBe(true);
  });

  test('R-X4 while an expression is typed, fields and functions are proposed, and mistakes are marked where they are', async () => {
    const text = await openMappingText(page);
    await text.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('lines.sk');
    const proposals = page.getByRole('listbox');
    await proposals.getByRole('option', { name: /internal_sku/ }).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('$uppercase(header.cur');
    await proposals.getByRole('option', { name: /currency/ }).click();
    await text.getByText('$uppercase(header.currency)').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{ "n": header.currency + 1, "m": header.curency }');
    await page.locator('.cm-lintRange-error').getByText('header.currency').waitFor();
    await page.locator('.cm-lintRange-warning').getByText('curency').waitFor();
    await text.getByText('curency').hover();
    await page.getByText('“header.curency” leads nowhere: there is no such field.').first().waitFor();
  });

  test('R-X4 an expression that runs in a guarded process wears a badge with the reason', async () => {
    const text = await openMappingText(page);
    await text.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{ "n": $contains(header.currency, /E(?=U)/) }');
    const badge = page.getByLabel(/^Guarded process: Its regular expression uses look-around/);
    await badge.waitFor();
    await page.getByRole('textbox', { name: 'Result' }).getByText('"n"').waitFor();
    await text.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{ "n": $contains(header.currency, /EU/) }');
    await badge.waitFor({ state: 'detached' });
  });

  test('R-X4 a node is dragged from the palette onto a line, and stands between the line’s two ends', async () => {
    await page.getByRole('button', { name: 'Add node' }).click();
    const line = page.locator('[data-id="store:>keep"] path').first();
    const { x = 0, y = 0, width = 0, height = 0 } = (await line.boundingBox()) ?? {};
    await page.getByRole('option', { name: /^HTTP request/ }).hover();
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + 2, { steps: 4 });
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.up();
    await page.locator('[data-id="store:>http-request"]').waitFor({ state: 'attached' });
    await page.locator('[data-id="http-request:>keep"]').waitFor({ state: 'attached' });
    await page.getByRole('complementary', { name: 'Node settings' }).getByText('http-request').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('[data-id="store:>keep"]').waitFor({ state: 'attached' });
  });

  test('R-X4 Delete takes the selected node away, also after keys that were let go in another order', async () => {
    await box(page, 'Refuse the order').click();
    await page.keyboard.press('Delete');
    await box(page, 'Refuse the order').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await box(page, 'Refuse the order').waitFor();
    for (const key of ['Control', 'Shift', 'Z']) await page.keyboard.down(key);
    for (const key of ['Shift', 'z', 'Control']) await page.keyboard.up(key);
    await box(page, 'Refuse the order').waitFor({ state: 'detached' });
    await box(page, 'SENT').click();
    await page.keyboard.press('Delete');
    await box(page, 'SENT').waitFor({ state: 'detached' });
  });
});
