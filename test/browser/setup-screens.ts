import type { Page } from 'playwright-core';
import { go } from './operating-screens.ts';
import type { Studio } from './studio.fixture.ts';

type Take = (name: string) => Promise<void>;

/** Lists of the sidebar that are pages of their own, by their link and what shows that they are there. */
const places = [
  ['Records', 'records'],
  ['Code tables', 'code-tables'],
  ['Mapping layers', 'mapping-layers'],
  ['Connections', 'connections'],
  ['Members', 'members'],
  ['API keys', 'keys'],
  ['Sign-in', 'sign-in'],
  ['Retention', 'retention'],
  ['Audit', 'audit'],
] as const;

/** Pictures of the records that the demo's order has left. */
export async function takeRecords(page: Page, take: Take): Promise<void> {
  await page.getByRole('link', { name: 'Records', exact: true }).click();
  await page.getByRole('table', { name: 'Records' }).getByRole('link').first().click();
  await page.getByRole('table').getByRole('link').first().waitFor();
  await take('records-of-a-type');
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Life cycle' }).waitFor();
  await take('record');
}

/** Pictures of what is set up: connections, people, keys, rules. */
export async function takeSetup(page: Page, take: Take): Promise<void> {
  for (const [link, name] of places) {
    await go(page, link);
    await take(name);
  }
  await page.getByRole('link', { name: 'Connections', exact: true }).click();
  await page.getByRole('link', { name: 'dropzone', exact: true }).click();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByText('It works').waitFor();
  await take('connection');
  await page.getByRole('link', { name: 'Connections', exact: true }).first().click();
  await page.getByRole('link', { name: 'New connection' }).click();
  await page.getByRole('button', { name: /^HTTP system/ }).waitFor();
  await take('new-connection');
  await page.getByRole('button', { name: /^HTTP system/ }).click();
  await page.getByRole('textbox', { name: 'Name' }).waitFor();
  await take('new-connection-settings');
}

/** Pictures of the ways in, as on an instance without the demo. */
export async function takeDoors(studio: Studio, page: Page, take: Take): Promise<void> {
  const invite = async () =>
    (await studio.call('POST', '/members/invite', { email: `ann${Math.random()}@example.com`, role: 'admin' })) as {
      token: string;
    };
  await page.route('**/api/v1/session/demo', (route) => route.fulfill({ status: 404, json: {} }));
  await page.context().clearCookies();
  await page.goto(studio.url);
  await page.getByRole('heading', { name: 'Sign in to Millrace' }).waitFor();
  await take('sign-in-door');
  await page.goto(`${studio.url}/reset-password#token`);
  await page.getByRole('heading', { name: 'A new password' }).waitFor();
  await take('reset-password');
  await page.goto(`${studio.url}/welcome#${(await invite()).token}`);
  await page.getByRole('textbox', { name: 'Name' }).fill('Ann');
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
  await take('welcome');
  await page.getByRole('button', { name: 'Go in' }).click();
  await page.getByRole('button', { name: 'Ann' }).click();
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('textbox', { name: 'Your password' }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('img', { name: 'QR code of the secret' }).waitFor();
  await take('account');
}
