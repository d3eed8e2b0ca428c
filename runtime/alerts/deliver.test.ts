import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { announce, takeDeliveries } from '../postgres/alerts/deliveries.ts';
import { type AlertsFixture, openAlerts, startMailServer, startReceiver } from './alerts.fixture.ts';
import { changeChannel, createChannel, dropChannel, testChannel } from './channels.ts';
import { deliverAlerts } from './deliver.ts';

let mail: Awaited<ReturnType<typeof startMailServer>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let alerts: AlertsFixture;
beforeAll(async () => {
  mail = await startMailServer();
  receiver = await startReceiver();
});
beforeEach(async () => {
  mail.received.length = 0;
  receiver.requests.length = 0;
  receiver.behaviour.status = 204;
  mail.behaviour.refuse = false;
  alerts = await openAlerts();
  alerts.services.mailServer = mail.server();
});
afterEach(() => alerts.stop());
afterAll(async () => {
  await mail.stop();
  await receiver.stop();
});

const minute = 60_000;
const deliver = () => deliverAlerts(alerts.services);
const byMail = (name = 'Mail', more: object = {}) =>
  createChannel(alerts.services, alerts.tenant, { name, to: ['ann@example.com', 'bob@example.com'], ...more });
const byWebhook = (more: object = {}) =>
  createChannel(alerts.services, alerts.tenant, { name: 'Hook', url: receiver.url, ...more });

describe('an alert', () => {
  test('R-C7 reaches people by e-mail', async () => {
    await byMail();
    await alerts.raise('orders');
    await deliver();
    expect(mail.received).toHaveLength(1);
    const [{ to, source } = { to: [], source: '' }] = mail.received;
    expect(to).toEqual(['ann@example.com', 'bob@example.com']);
    expect(source).toContain('Subject: Millrace, warning: It is about orders.');
    expect(source).toContain('From: Millrace <millrace@example.com>');
    expect(source).toContain('Tenant: Acme Shipping');
    expect(await alerts.deliveries()).toEqual([{ state: 'delivered', attempts: 1, error: null }]);
  });

  test('reaches a webhook whose receiver can check who sends it', async () => {
    const { secret = '' } = await byWebhook();
    await alerts.raise('orders', 'high');
    await deliver();
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.requests;
    const [{ id } = { id: '' }] = await alerts.query<{ id: string }>('select id from millrace.alert');
    expect(headers['webhook-id']).toBe(id);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key)
      .update(`${id}.${headers['webhook-timestamp']}.${body}`)
      .digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(JSON.parse(body)).toMatchObject({
      type: 'alert.raised',
      data: { id, tenant: 'Acme Shipping', code: 'STEP_FAILING', severity: 'high', flow: 'orders', run: null },
    });
  });

  test('is told once to each channel, however many processes tell', async () => {
    await byMail('One');
    await byMail('Two');
    await byWebhook();
    for (let n = 0; n < 30; n++) await alerts.raise(`incident ${n}`);
    await Promise.all([deliver(), deliver(), deliver()]);
    await deliver();
    expect([mail.received.length, receiver.requests.length]).toEqual([60, 30]);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(30);
  });

  test('of another tenant goes nowhere', async () => {
    await byMail();
    await alerts.raise('orders', 'high', alerts.other);
    await deliver();
    expect(mail.received).toEqual([]);
    expect(await alerts.deliveries()).toEqual([]);
  });

  test('that is only a warning does not go where high ones go alone', async () => {
    await byMail('High', { severity: 'high' });
    await alerts.raise('a');
    await alerts.raise('b', 'high');
    await deliver();
    expect(mail.received.map(({ source }) => /It is about (\w)/.exec(source)?.[1])).toEqual(['b']);
  });

  test('cannot bring headers of its own into the message', async () => {
    await byMail();
    await alerts.raise('x\r\nBcc: eve@example.com\r\n\r\nHello');
    await deliver();
    const [{ to, source } = { to: [], source: '' }] = mail.received;
    expect(to).not.toContain('eve@example.com');
    expect(source.slice(0, source.indexOf('\r\n\r\n'))).not.toMatch(/^Bcc/m);
  });
});

describe('what cannot be delivered', () => {
  test('is tried again after 1, 5, 15, 60 minutes and 6 hours, then given up; each time one sees why', async () => {
    receiver.behaviour.status = 503;
    await byWebhook();
    await alerts.raise('orders');
    await deliver();
    for (const [index, minutes] of [1, 5, 15, 60, 360].entries()) {
      const tried = { state: 'pending', attempts: index + 1, error: 'The address answered 503.' };
      expect(await alerts.deliveries()).toEqual([tried]);
      await alerts.later(minutes * minute - 2_000);
      await deliver();
      expect(await alerts.deliveries()).toEqual([tried]);
      await alerts.later(3_000);
      await deliver();
    }
    expect(await alerts.deliveries()).toEqual([{ state: 'failed', attempts: 6, error: 'The address answered 503.' }]);
    await alerts.later(24 * 60 * minute);
    await deliver();
    expect(receiver.requests).toHaveLength(6);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('goes when it can be, and does not keep what goes elsewhere', async () => {
    mail.behaviour.refuse = true;
    await byMail();
    await byWebhook();
    await alerts.raise('orders');
    await deliver();
    expect(receiver.requests).toHaveLength(1);
    expect((await alerts.deliveries()).find(({ state }) => state === 'pending')?.error).toBe(
      'The mail server did not take the message (451).',
    );
    mail.behaviour.refuse = false;
    await alerts.later(minute);
    await deliver();
    expect(mail.received).toHaveLength(1);
    expect((await alerts.deliveries()).map(({ state, error }) => [state, error])).toEqual([
      ['delivered', null],
      ['delivered', null],
    ]);
  });

  test('is tried again where the process died with it', async () => {
    await byWebhook();
    await alerts.raise('orders');
    await alerts.services.database.asTenants([alerts.tenant], async (tx) => {
      await announce(tx);
      expect(await takeDeliveries(tx, 10, 2 * minute)).toHaveLength(1);
    });
    await deliver();
    expect(receiver.requests).toEqual([]);
    await alerts.later(2 * minute);
    await deliver();
    expect(receiver.requests).toHaveLength(1);
  });

  test('without a mail server says so', async () => {
    alerts.services.mailServer = undefined;
    await byMail();
    await alerts.raise('orders');
    await deliver();
    expect((await alerts.deliveries())[0]?.error).toBe(
      'This instance has no mail server: MILLRACE_SMTP_URL is not set.',
    );
  });

  test('does not tell the password that the mail server refused', async () => {
    alerts.services.mailServer = mail.server('canary-word');
    await byMail();
    await alerts.raise('orders');
    await deliver();
    expect((await alerts.deliveries())[0]?.error).toBe('The mail server did not take the message (535).');
  });

  test('a redirect is not followed', async () => {
    receiver.behaviour.status = 302;
    await byWebhook();
    await alerts.raise('orders');
    await deliver();
    expect(receiver.requests).toHaveLength(1);
    expect((await alerts.deliveries())[0]?.error).toBe('The address answered 302.');
  });

  test('an address inside the own network is not called', async () => {
    const guarded = await openAlerts('none');
    try {
      await createChannel(guarded.services, guarded.tenant, { name: 'Hook', url: receiver.url });
      await guarded.raise('orders');
      await deliverAlerts(guarded.services);
      expect(receiver.requests).toEqual([]);
      expect((await guarded.deliveries())[0]?.error).toContain('which this instance does not call');
    } finally {
      await guarded.stop();
    }
  });
});

describe('a channel', () => {
  test('can be tried; the test goes there alone', async () => {
    const { channel } = await byWebhook();
    await byMail();
    const alert = await testChannel(alerts.services, alerts.tenant, channel.id);
    await deliver();
    expect(mail.received).toEqual([]);
    expect(JSON.parse(receiver.requests[0]?.body ?? '').data).toMatchObject({ id: alert, code: 'CHANNEL_TEST' });
    expect(await alerts.query('select from millrace.alert where closed_at is null')).toEqual([]);
  });

  test.each([
    ['is switched off', (id: string) => changeChannel(alerts.services, alerts.tenant, id, { enabled: false })],
    ['is removed', (id: string) => dropChannel(alerts.services, alerts.tenant, id)],
  ])('that %s gets nothing more, not even what was on its way', async (_how, end) => {
    receiver.behaviour.status = 503;
    const { channel } = await byWebhook();
    await alerts.raise('before');
    await deliver();
    await end(channel.id);
    await alerts.raise('after');
    await alerts.later(10 * minute);
    await deliver();
    expect(receiver.requests).toHaveLength(1);
    expect(await alerts.deliveries()).toMatchObject([{ state: 'failed', attempts: 1 }]);
    await expect(testChannel(alerts.services, alerts.tenant, channel.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('the secret is stored sealed, for this very channel', async () => {
    const { secret = '' } = await byWebhook();
    const [row] = await alerts.query('select * from millrace.alert_channel');
    expect(JSON.stringify(row)).not.toContain(secret.slice(6, 20));
    await alerts.query('update millrace.alert_channel set id = gen_random_uuid()');
    await alerts.raise('orders');
    await deliver();
    expect((await alerts.deliveries())[0]?.error).toContain('does not open');
  });
});
