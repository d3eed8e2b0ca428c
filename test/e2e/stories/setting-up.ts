import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../../../runtime/http/people.fixture.ts';
import type { Studio } from '../../browser/studio.fixture.ts';

const password = 'correct horse battery';
const anotherPassword = 'staple correct horse';

/** People come in, and set up what flows and people need. */
export function settingUp(studio: () => Studio): void {
  describe('a tenant is set up', () => {
    test('R-X5 a new admin comes in by an invitation, sets up the second factor, makes a connection, tries it, and invites a viewer who is offered nothing that changes', async () => {
      const page = await visitWithoutDemo(studio());
      await accept(page, await invitation(studio(), 'ann@example.com', 'admin'), 'Ann');
      await setUpSecondFactor(page);
      await makeConnection(page);
      const link = await invite(page, 'vic@example.com');

      const viewer = await visitWithoutDemo(studio());
      await accept(viewer, link, 'Vic');
      await viewer.getByRole('link', { name: 'Connections', exact: true }).click();
      await viewer.getByRole('link', { name: 'Order portal' }).click();
      await viewer.getByRole('heading', { name: 'Where it is used' }).waitFor();
      for (const name of ['Test', 'Save', 'Remove']) expect(await viewer.getByRole('button', { name }).count()).toBe(0);
      expect(await viewer.getByRole('link', { name: 'Members', exact: true }).count()).toBe(0);
    });

    test('R-X5 whoever has lost the password sets a new one by the link of an admin, and signs in with it', async () => {
      const page = await visitWithoutDemo(studio());
      await accept(page, await invitation(studio(), 'bob@example.com', 'operator'), 'Bob');
      await page.getByRole('button', { name: 'Bob' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in to Millrace' }).waitFor();
      await page.goto(`${studio().url}/reset-password#${await resetToken(studio(), 'bob@example.com')}`);
      await page.getByRole('textbox', { name: 'New password' }).fill(anotherPassword);
      await page.getByRole('button', { name: 'Set it' }).click();
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('textbox', { name: 'E-mail address' }).fill('bob@example.com');
      await page.getByRole('textbox', { name: 'Password' }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByRole('textbox', { name: 'Password' }).fill(anotherPassword);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Flows' }).waitFor();
    });

    test('R-F9 an operator finds the record of an order, its states, and the run that wrote it', async () => {
      const page = await studio().visit();
      await page.getByRole('link', { name: 'Records', exact: true }).click();
      await page.getByRole('table', { name: 'Records' }).getByRole('link').first().click();
      await page.getByRole('table').getByRole('link').first().click();
      await page.getByRole('heading', { name: 'Life cycle' }).waitFor();
      await page.getByRole('heading', { name: 'History' }).waitFor();
      await page.getByRole('link', { name: /^Run / }).first().click();
      await page.getByRole('status').getByText('Succeeded').waitFor();
    });
  });
}

async function invitation(studio: Studio, email: string, role: string): Promise<string> {
  const { token } = (await studio.call('POST', '/members/invite', { email, role })) as { token: string };
  return `${studio.url}/welcome#${token}`;
}

async function resetToken(studio: Studio, email: string): Promise<string> {
  const { members } = (await studio.call('GET', '/members')) as { members: { id: string; email: string }[] };
  const id = members.find((member) => member.email === email)?.id;
  return ((await studio.call('POST', `/members/${id}/reset-password`)) as { token: string }).token;
}

/** A person at an instance that signs nobody in by itself. */
async function visitWithoutDemo(studio: Studio): Promise<Page> {
  const page = await studio.visit();
  await page.route('**/api/v1/session/demo', (route) => route.fulfill({ status: 404, json: {} }));
  await page.context().clearCookies();
  return page;
}

async function accept(page: Page, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Go in' }).click();
  await page.getByRole('heading', { name: 'Flows' }).waitFor();
}

async function setUpSecondFactor(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ann' }).click();
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByRole('textbox', { name: 'Your password' }).fill(password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('img', { name: 'QR code of the secret' }).waitFor();
  const secret = (await page.locator('code').first().textContent()) ?? '';
  await page.getByRole('textbox', { name: 'Code that the app shows' }).fill(codeOf(secret));
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('It is on: a code is asked for').waitFor();
}

/** Nothing listens at the address, and the test says so in words. */
async function makeConnection(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Connections', exact: true }).click();
  await page.getByRole('link', { name: 'New connection' }).click();
  await page.getByRole('button', { name: /^HTTP system/ }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Order portal');
  await page.getByRole('textbox', { name: 'Base address' }).fill('http://127.0.0.1:9');
  await page.getByRole('button', { name: 'Create and try' }).click();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('alert').getByText('It does not work').waitFor();
}

/** The link of the invitation, as the dialog shows it. */
async function invite(page: Page, email: string): Promise<string> {
  await page.getByRole('link', { name: 'Members', exact: true }).click();
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  await page.getByRole('button', { name: 'Make the link' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hand this link on' });
  await dialog.waitFor();
  return (await dialog.locator('code').textContent()) ?? '';
}
