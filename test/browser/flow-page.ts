import type { Locator, Page } from 'playwright-core';

/** What a person sees and uses on the pages that show a flow, by the words that they see. */
export const flowName = 'Order export to a dropzone';

/** Opens the demo's flow from the first page. */
export async function openFlow(page: Page): Promise<void> {
  await page.getByRole('link', { name: flowName, exact: true }).click();
  await box(page, 'Order approved').waitFor();
}

/** A node on the canvas by its title; its accessible name also tells how it fared and what is wrong with it. */
export function box(page: Page, title: string): Locator {
  return page.locator('.react-flow__node').filter({ hasText: title });
}

/** The settings of a node. */
export async function openSettings(page: Page, title: string): Promise<Locator> {
  await box(page, title).click();
  const settings = page.getByRole('complementary', { name: 'Node settings' });
  await settings.waitFor();
  return settings;
}

/** The mapping of the export document, as text. */
export async function openMappingText(page: Page): Promise<Locator> {
  const settings = await openSettings(page, 'Export document');
  await settings.getByRole('button', { name: 'Open mapping' }).click();
  await page.getByText('Text', { exact: true }).click();
  const text = page.getByRole('textbox', { name: 'Expression' });
  await text.waitFor();
  return text;
}

/** Types at the end of a code editor. */
export async function typeAtEnd(page: Page, editor: Locator, text: string): Promise<void> {
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}
