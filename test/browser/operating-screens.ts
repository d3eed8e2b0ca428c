import type { Page } from 'playwright-core';
import { misdirectApproval } from './approvals.ts';
import type { Studio } from './studio.fixture.ts';

type Take = (name: string) => Promise<void>;

/** An answer that nobody has taken, and somewhere that alerts go. */
export async function prepareOperating(studio: Studio): Promise<void> {
  await misdirectApproval(studio);
  await studio.call('POST', '/alert-channels', { name: 'On call', to: ['on-call@example.com'] });
}

/** Pictures of what those see who look after runs; begins at a run that has succeeded. */
export async function takeOperating(page: Page, take: Take): Promise<void> {
  await page.getByRole('button', { name: 'Open large: Output' }).click();
  await page.getByRole('dialog', { name: 'Output' }).getByRole('searchbox', { name: 'Search' }).fill('sku');
  await take('payload');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Run again from here' }).click();
  await page.getByRole('dialog').getByRole('switch', { name: 'Edit what goes in' }).check();
  await take('replay');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Compare with…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('region', { name: 'This run' }).waitFor();
  await take('compare');

  await go(page, 'Waiting');
  await page.getByRole('row').filter({ hasText: 'PO-4711' }).waitFor();
  await take('waiting');
  await page.getByText('Unmatched answers').click();
  await page.getByRole('button', { name: 'Match to…' }).waitFor();
  await take('unmatched');
  await page.getByRole('button', { name: 'Match to…' }).click();
  await page.getByRole('dialog').getByRole('radio').first().waitFor();
  await take('match');
  await page.keyboard.press('Escape');

  await go(page, 'Dead letters');
  await page.getByRole('table').getByRole('link').first().waitFor();
  await take('dead-letters');
  await page.getByRole('button', { name: /^Set .* aside…$/ }).click();
  await page.getByRole('dialog').waitFor();
  await take('set-aside');
  await page.keyboard.press('Escape');

  await go(page, 'Alerts');
  await take('alerts');
  await page.getByText('Where they go').click();
  await page.getByRole('button', { name: 'Change On call' }).waitFor();
  await take('channels');
  await page.getByRole('button', { name: 'Change On call' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).waitFor();
  await take('channel');
  await page.keyboard.press('Escape');

  await go(page, 'Dashboard');
  await page.getByRole('heading', { name: 'Runs by when they began' }).waitFor();
  await take('dashboard');
  await go(page, 'Sync');
  await take('sync');
}

/** A place in the sidebar; its link also tells how many alerts there are. */
export async function go(page: Page, place: string): Promise<void> {
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: new RegExp(`^${place}\\b`) })
    .click();
  await page.getByRole('heading', { name: place, exact: true, level: 1 }).waitFor();
}
