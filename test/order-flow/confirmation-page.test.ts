import type { Sandbox } from '@millrace/contract';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasBrowser, openBrowser, skippedWithout } from '../browser/studio.fixture.ts';
import { linkInMail, type Orders, place, registerOffers, startMail, startOrders } from './orders.fixture.ts';

// A busy machine takes its time over orders, mails and pages.
vi.setConfig({ testTimeout: 180_000 });

describe.skipIf(!hasBrowser)(`the supplier’s page in a real browser${skippedWithout}`, () => {
  let mail: Sandbox;
  let orders: Orders;
  let browser: Browser;
  beforeAll(async () => {
    mail = await startMail();
    orders = await startOrders(mail);
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await orders?.stop();
    await mail?.stop();
  });

  /** A new order, and its page as the supplier sees it. */
  async function opened(viewport = { width: 1280, height: 900 }) {
    const { requests, order } = await registerOffers(orders, 1);
    const { body } = await place(orders, order(requests[0] as string));
    const number = body.order_number as string;
    const link = await vi.waitFor(() => linkInMail(mail, number), 20_000);
    const page = await browser.newPage({ viewport });
    await page.goto(link);
    const state = async () => (await orders.call('GET', `/orders/${body.order_id}`)).body;
    return { page, link, number, state };
  }

  test('R-O1 R-O2 another price is taken down and left for somebody to decide, and the link is used', async () => {
    const { page, link, number, state } = await opened();
    await page.getByRole('heading', { name: `Order ${number}` }).waitFor();
    await page.getByLabel('Price of the order without taxes').fill('2500,50');
    await page.getByLabel('Message').fill('The <b>vintage</b> has changed & costs more.');
    await page.getByRole('button', { name: 'Confirm the order' }).click();
    await page.getByText('differs').waitFor();
    expect(await state()).toMatchObject({ status: 'PENDING', subtotal_sek: 2400 });
    await page.goto(link);
    await page.getByText('This link has been used').waitFor();
  });

  test('R-O2 the order is confirmed as it was ordered where nothing else is filled in', async () => {
    const { page, state } = await opened({ width: 390, height: 800 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    expect(overflow).toBe(false);
    await page.getByRole('button', { name: 'Confirm the order' }).click();
    await page.getByText('The order is confirmed').waitFor();
    expect(await state()).toMatchObject({ status: 'CONFIRMED' });
  });

  test('R-O2 what is no price does not leave the page; the supplier then declines', async () => {
    const { page, link, state } = await opened();
    const price = page.getByLabel('Price of the order without taxes');
    await price.fill('about 2000');
    await page.getByRole('button', { name: 'Confirm the order' }).click();
    expect(await page.locator('input:invalid').count()).toBe(1);
    expect(page.url()).toBe(link);
    expect(await state()).toMatchObject({ status: 'PENDING' });
    await price.fill('');
    await page.getByRole('button', { name: 'Decline the order' }).click();
    await page.getByText('declined').waitFor();
    expect(await state()).toMatchObject({ status: 'REJECTED' });
  });
});
