import { AnyJson, defineTrigger } from '@millrace/contract';
import Type from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture } from '../../triggers/triggers.fixture.ts';
import { ensureTenant } from '../tenants/tenants.ts';
import { findSubscribers } from './subscribers.ts';

const listen = defineTrigger({
  id: 'test/listen',
  version: 1,
  title: 'Listen',
  summary: 'Listens to a topic.',
  icon: 'ear',
  config: Type.Object({ topic: Type.String() }, { additionalProperties: false }),
  outputs: { out: AnyJson },
  activation: ({ topic }) => ({ kind: 'event', topic }),
  examples: [],
});

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ triggers: [listen] });
});
afterAll(() => fixture.stop());

const deploy = (flowId: string, topic: string) => fixture.deploy(flowId, { type: 'test/listen', config: { topic } });
const subscribers = async (topic: string, { environment = 'production', tenant = fixture.tenant } = {}) => {
  const found = await fixture.database.asTenants([tenant.id], (tx) => findSubscribers(tx, environment, topic));
  return found.map(({ flowId }) => flowId);
};

test('R-X2 a topic’s subscribers are the flows that are deployed with a trigger on it, in a steady order', async () => {
  const { version } = await deploy('stock', 'order.placed');
  await deploy('invoices', 'order.placed');
  await deploy('other', 'order.cancelled');
  expect(await subscribers('order.placed')).toEqual(['invoices', 'stock']);
  expect(await subscribers('order')).toEqual([]);
  const [, stock] = await fixture.database.asTenants([fixture.tenant.id], (tx) =>
    findSubscribers(tx, 'production', 'order.placed'),
  );
  expect(stock).toEqual({ flowId: 'stock', node: 'begin', version, parameters: {}, connections: {} });
});

test('a deployment on another topic leaves the first one, and an undeployed flow hears nothing more', async () => {
  await deploy('moving', 'first');
  await deploy('moving', 'second');
  expect([await subscribers('first'), await subscribers('second')]).toEqual([[], ['moving']]);
  await fixture.undeploy('moving');
  expect(await subscribers('second')).toEqual([]);
});

test('another environment and another tenant hear nothing', async () => {
  await deploy('private', 'secret');
  const tenant = await fixture.database.asScanner((tx) => ensureTenant(tx, 'rival', 'Rival'));
  expect(await subscribers('secret', { environment: 'sandbox' })).toEqual([]);
  expect(await subscribers('secret', { tenant })).toEqual([]);
});
