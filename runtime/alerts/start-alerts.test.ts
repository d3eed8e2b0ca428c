import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertsFixture, openAlerts, startReceiver } from './alerts.fixture.ts';
import { createChannel } from './channels.ts';
import { startAlerts } from './start-alerts.ts';

let alerts: AlertsFixture;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  alerts = await openAlerts();
  receiver = await startReceiver();
});
afterAll(async () => {
  await alerts?.stop();
  await receiver?.stop();
});

test('two processes look in turn, and what they find is told once', async () => {
  await createChannel(alerts.services, alerts.tenant, { name: 'Hook', url: receiver.url });
  await alerts.query(
    `insert into millrace.process (id, host, pid, version, roles) values (gen_random_uuid(), 'one', 1, '0', '{api}')`,
  );
  const [one, other] = [startAlerts(alerts.services), startAlerts(alerts.services)];
  try {
    await Promise.all([one.now(), other.now()]);
    await Promise.all([one.now(), other.now()]);
    expect(receiver.requests.map(({ body }) => JSON.parse(body).data.code)).toEqual(['WORKERS_GONE']);
    await alerts.query('update millrace.process set roles = $1', [['worker']]);
    await one.now();
    expect(
      await alerts.query('select from millrace.alert where closed_at is null and tenant_id = $1', [alerts.tenant]),
    ).toHaveLength(1);
    await alerts.later(31_000);
    await other.now();
    expect(await alerts.query('select from millrace.alert where closed_at is null')).toEqual([]);
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
});
