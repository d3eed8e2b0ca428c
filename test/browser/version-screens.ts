import type { Page } from 'playwright-core';
import { flowName, openFlow } from './flow-page.ts';

type Take = (name: string) => Promise<void>;

const title = (page: Page, name: string) => page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();

/** Versions, differences, tests, templates and promotions; begins and ends on any page. */
export async function takeVersions(page: Page, take: Take): Promise<void> {
  await page.getByRole('link', { name: 'Flows', exact: true }).first().click();
  await openFlow(page);
  await page.getByRole('link', { name: 'Versions', exact: true }).click();
  await page.getByRole('table', { name: 'Versions' }).waitFor();
  await page.getByRole('table', { name: 'History' }).waitFor();
  await take('versions');
  await page.getByRole('button', { name: 'Actions for version 1' }).click();
  await page.getByRole('menuitem', { name: 'Compare with draft' }).click();
  await page.getByRole('complementary', { name: 'Difference as text' }).waitFor();
  await take('difference');
  await page.getByRole('link', { name: 'Tests', exact: true }).click();
  await page.getByRole('complementary', { name: 'Tests of this flow' }).waitFor();
  await take('tests');
  await page.getByRole('link', { name: 'Templates', exact: true }).click();
  await page.getByRole('link', { name: flowName, exact: true }).waitFor();
  await take('templates');
  await page.getByRole('link', { name: flowName, exact: true }).click();
  await page.getByRole('button', { name: 'Clone this template' }).waitFor();
  await take('template');
  await page.getByRole('button', { name: 'Clone this template' }).click();
  await page.getByRole('textbox', { name: 'Id' }).waitFor();
  await take('clone');
  await page.getByRole('link', { name: 'Promotions', exact: true }).click();
  await title(page, 'Promotions');
  await take('promotions');
  await page.getByRole('button', { name: 'Rules' }).click();
  await page.getByRole('radio', { name: 'None are wanted' }).waitFor();
  await take('promotion-rules');
}
