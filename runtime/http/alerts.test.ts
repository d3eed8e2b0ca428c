import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startReceiver } from '../alerts/alerts.fixture.ts';
import { deliverAlerts } from '../alerts/deliver.ts';
import { type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  instance = await startInstance();
  receiver = await startReceiver();
});
afterAll(async () => {
  await instance?.stop();
  await receiver?.stop();
});

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);
const asOther = () => ({ 'x-api-key': instance.keys.other });

async function makeChannel(name: string): Promise<string> {
  const answer = await call('POST', '/alert-channels', { name, url: receiver.url });
  expect(misfits('post', '/alert-channels', answer)).toEqual([]);
  return answer.body.channel.id;
}

describe('channels of alerts', () => {
  test('are made, listed, changed and removed; the secret is shown once', async () => {
    const made = await call('POST', '/alert-channels', { name: 'Hook', url: receiver.url });
    expect(made).toMatchObject({ status: 201, body: { channel: { kind: 'webhook', severity: 'warning' } } });
    expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { id } = made.body.channel;
    const list = await call('GET', '/alert-channels');
    expect(misfits('get', '/alert-channels', list)).toEqual([]);
    expect(JSON.stringify(list.body)).not.toContain('whsec');
    const changed = await call('PUT', `/alert-channels/${id}`, { name: 'Pager', severity: 'high' });
    expect(misfits('put', '/alert-channels/:id', changed)).toEqual([]);
    expect(changed.body).toMatchObject({ name: 'Pager', severity: 'high', url: receiver.url, enabled: true });
    expect(await call('POST', `/alert-channels/${id}/remove`)).toMatchObject({ status: 204 });
    expect(await call('POST', `/alert-channels/${id}/remove`)).toMatchObject({ status: 404 });
    expect((await call('GET', '/alert-channels')).body.channels).toEqual([]);
  });

  test('by e-mail have addresses', async () => {
    const made = await call('POST', '/alert-channels', { name: 'Mail', to: ['ann@example.com'] });
    expect(made.body).toEqual({
      channel: expect.objectContaining({ kind: 'email', to: ['ann@example.com'] }),
    });
    const { id } = made.body.channel;
    expect((await call('PUT', `/alert-channels/${id}`, { to: ['bob@example.com'] })).body.to).toEqual([
      'bob@example.com',
    ]);
    expect(await call('PUT', `/alert-channels/${id}`, { url: receiver.url })).toMatchObject({ status: 400 });
    expect(await call('POST', '/alert-channels', { name: 'Mail', to: ['x@example.com'] })).toMatchObject({
      status: 409,
      body: { error: { code: 'NAME_TAKEN' } },
    });
  });

  test.each([
    [{ name: 'A' }],
    [{ name: 'A', to: [] }],
    [{ name: 'A', to: ['nobody'] }],
    [{ name: 'A', to: ['a@b.c\r\nBcc: d@e.f'] }],
    [{ name: 'A', to: ['a@b.c'], url: 'https://example.com' }],
    [{ name: 'A', url: 'http://example.com/hook' }],
    [{ name: 'A', url: 'file:///etc/passwd' }],
    [{ name: 'A', url: 'https://user:word@example.com/' }],
    [{ name: 'A', url: 'nonsense' }],
    [{ name: '', url: 'https://example.com' }],
    [{ name: 'A', url: 'https://example.com', severity: 'low' }],
  ])('%j is refused', async (body) => {
    expect(await call('POST', '/alert-channels', body)).toMatchObject({ status: 400 });
  });

  test('of another tenant do not exist', async () => {
    const id = await makeChannel('Mine');
    expect((await call('GET', '/alert-channels', undefined, asOther())).body.channels).toEqual([]);
    for (const [method, path] of [
      ['PUT', ''],
      ['POST', '/test'],
      ['POST', '/remove'],
    ] as const)
      expect(await call(method, `/alert-channels/${id}${path}`, {}, asOther()), path).toMatchObject({ status: 404 });
    await call('POST', `/alert-channels/${id}/remove`);
  });
});

describe('alerts', () => {
  test('show how they were delivered', async () => {
    const id = await makeChannel('Hook');
    const tried = await call('POST', `/alert-channels/${id}/test`);
    expect(misfits('post', '/alert-channels/:id/test', tried)).toEqual([]);
    expect(tried.status).toBe(202);
    await deliverAlerts(instance.api);
    const list = await call('GET', '/alerts');
    expect(misfits('get', '/alerts', list)).toEqual([]);
    expect(list.body.alerts[0]).toMatchObject({
      id: tried.body.alertId,
      code: 'CHANNEL_TEST',
      closedAt: expect.any(String),
      deliveries: [{ channelId: id, channel: 'Hook', state: 'delivered', attempts: 1, error: null }],
    });
    expect(list.body.alerts[0].deliveries[0].deliveredAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await call('GET', '/alerts?state=open')).body.alerts).toEqual([]);
    expect((await call('GET', '/alerts?state=closed&limit=1')).body).toMatchObject({ next: tried.body.alertId });
    expect((await call('GET', `/alerts?before=${tried.body.alertId}`)).body).toEqual({ alerts: [], next: null });
  });

  test('are acknowledged once; the first who says so stays named', async () => {
    const [{ id }] = (await call('GET', '/alerts')).body.alerts;
    expect(await call('POST', `/alerts/${id}/acknowledge`, undefined, asOther())).toMatchObject({ status: 404 });
    expect(await call('POST', `/alerts/${id}/acknowledge`)).toMatchObject({ status: 204 });
    const [first] = (await call('GET', '/alerts')).body.alerts;
    expect(first).toMatchObject({ acknowledgedBy: 'test', acknowledgedAt: expect.any(String) });
    await call('POST', `/alerts/${id}/acknowledge`);
    expect((await call('GET', '/alerts')).body.alerts[0]).toEqual(first);
  });
});

describe('how long runs are kept', () => {
  test('is normal until something else is said; a new deployment leaves it', async () => {
    expect(await call('GET', '/flows/orders/retention')).toMatchObject({ status: 404 });
    expect(await call('PUT', '/flows/orders/retention', { retention: 'long' })).toMatchObject({ status: 404 });
    await call('POST', '/flows', orderFlow('orders'));
    await call('POST', '/flows/orders/deploy', {});
    expect((await call('GET', '/flows/orders/retention')).body).toEqual({ retention: 'normal' });
    const set = await call('PUT', '/flows/orders/retention', { retention: 'short' });
    expect(misfits('put', '/flows/:id/retention', set)).toEqual([]);
    await call('POST', '/flows/orders/deploy', {});
    expect((await call('GET', '/flows/orders/retention')).body).toEqual({ retention: 'short' });
    expect(await call('PUT', '/flows/orders/retention', { retention: 'ever' })).toMatchObject({ status: 400 });
    expect(await call('GET', '/flows/orders/retention', undefined, asOther())).toMatchObject({ status: 404 });
  });
});
